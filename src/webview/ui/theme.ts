/** Colours of the theme as canvas needs them, and word when the theme changes. */

/** What a CSS colour comes to in the theme that is on: any expression, `var(--vscode-…)` and `color-mix(…)` included. */
export function resolveColor(expression: string): string {
  const probe = document.createElement('span');
  probe.style.color = expression;
  probe.hidden = true;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** A colour as any reader of SVG takes it. */
export interface Paint {
  /** `#rrggbb` */
  color: string;
  /** From 0 to 1. */
  opacity: number;
}

/** {@link resolveColor} as a plain colour and how much of it covers, for files that others read. */
export function resolvePaint(expression: string): Paint {
  const canvas = document.createElement('canvas').getContext('2d');
  if (!canvas) throw new Error('The browser gave no canvas to read a colour from.');
  canvas.fillStyle = resolveColor(expression);
  canvas.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0, alpha = 0] = canvas.getImageData(0, 0, 1, 1).data;
  const hex = [red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('');
  return { color: `#${hex}`, opacity: Math.round((alpha / 255) * 100) / 100 };
}

/** Calls back after the person has chosen another theme. Gives a function that ends it. */
export function onThemeChange(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
  return () => observer.disconnect();
}
