import type { Page } from 'playwright-core';

/** A piece of text that is hard to read, with its contrast ratio. */
export interface Faint {
  text: string;
  ratio: number;
}

/**
 * Texts of the page whose contrast with what lies behind them is below `least` (WCAG 2.2, 1.4.3). Disabled controls and text for
 * screen readers alone do not count.
 */
export async function faintTexts(page: Page, least: number): Promise<Faint[]> {
  return page.evaluate((least) => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    if (!canvas) throw new Error('There is no canvas.');
    type Color = [red: number, green: number, blue: number, alpha: number];
    const parse = (text: string): Color => {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = text;
      canvas.fillRect(0, 0, 1, 1);
      const [r = 0, g = 0, b = 0, a = 0] = canvas.getImageData(0, 0, 1, 1).data;
      return [r, g, b, a / 255];
    };
    const over = (top: Color, under: Color): Color => {
      const mix = (i: 0 | 1 | 2) => top[i] * top[3] + under[i] * (1 - top[3]);
      return [mix(0), mix(1), mix(2), 1];
    };
    const luminance = ([r, g, b]: Color) => {
      const linear = [r, g, b].map((c) =>
        c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4,
      );
      return 0.2126 * (linear[0] ?? 0) + 0.7152 * (linear[1] ?? 0) + 0.0722 * (linear[2] ?? 0);
    };
    const parentOf = (element: Element) => {
      if (element.assignedSlot) return element.assignedSlot;
      if (element.parentElement) return element.parentElement;
      const root = element.getRootNode();
      return root instanceof ShadowRoot ? root.host : null;
    };
    const behind = (element: Element): Color => {
      const parent = parentOf(element);
      const under: Color = parent ? behind(parent) : [255, 255, 255, 1];
      return over(parse(getComputedStyle(element).backgroundColor), under);
    };
    const opacityOf = (element: Element): number => {
      const parent = parentOf(element);
      return Number(getComputedStyle(element).opacity) * (parent ? opacityOf(parent) : 1);
    };
    const texts: { text: string; ratio: number }[] = [];
    const visit = (root: Node) => {
      for (const node of root.childNodes) {
        if (node instanceof Element && node.shadowRoot) visit(node.shadowRoot);
        if (node instanceof Element) visit(node);
        const text = node.nodeType === Node.TEXT_NODE ? node.textContent?.trim() : '';
        const element = node.parentElement;
        if (
          !text ||
          !element?.checkVisibility() ||
          element.closest('.visually-hidden, [aria-disabled="true"], style, script')
        )
          continue;
        const back = behind(element);
        const style = getComputedStyle(element);
        const own = parse(element instanceof SVGElement ? style.fill : style.color);
        const front = over([own[0], own[1], own[2], own[3] * opacityOf(element)], back);
        const [light = 0, dark = 0] = [luminance(front), luminance(back)].sort((a, b) => b - a);
        const ratio = (light + 0.05) / (dark + 0.05);
        if (ratio < least) texts.push({ text: text.slice(0, 60), ratio: Math.round(ratio * 100) / 100 });
      }
    };
    visit(document.body);
    return texts;
  }, least);
}

/** The contrast of each colour that lines are drawn in with the ground they are drawn on. */
export async function lineContrasts(page: Page): Promise<number[]> {
  return page.evaluate(() => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    if (!canvas) throw new Error('There is no canvas.');
    const probe = document.createElement('span');
    document.body.append(probe);
    const luminance = (expression: string) => {
      probe.style.color = expression;
      canvas.fillStyle = getComputedStyle(probe).color;
      canvas.fillRect(0, 0, 1, 1);
      const linear = [...canvas.getImageData(0, 0, 1, 1).data].map((c) =>
        c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4,
      );
      return 0.2126 * (linear[0] ?? 0) + 0.7152 * (linear[1] ?? 0) + 0.0722 * (linear[2] ?? 0);
    };
    const ground = luminance('var(--vscode-editor-background)');
    return Array.from({ length: 8 }, (_, i) => {
      const line = luminance(`var(--line-${i})`);
      return (Math.max(line, ground) + 0.05) / (Math.min(line, ground) + 0.05);
    });
  });
}
