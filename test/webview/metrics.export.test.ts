import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import type { FromMetricsPanel } from '../../src/protocol/webview.ts';
import { temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { sharedBrowser } from './support/browser.ts';
import { Panel } from './support/panel.ts';
import { beginRun, finish, writeTraining } from './support/record-run.ts';
import { readTheme } from './support/themes.ts';

type Exported = Extract<FromMetricsPanel, { type: 'exportPicture' }>;

const ARTIFACTS = new URL('../../artifacts/webview/', import.meta.url);

describe('charts of the metrics panel as pictures', () => {
  const workspace = temporaryFolder();
  let panel: Panel;

  before(async () => {
    const dirs = [1, 2].map((seed) => {
      const run = beginRun(workspace.path, { name: seed === 1 ? 'rank <8> & "more"' : 'rank-16' });
      writeTraining(run, { steps: 200, seed, nanAt: seed === 2 ? [120] : [] });
      finish(run);
      return run.dir;
    });
    panel = await Panel.open(await sharedBrowser(), dirs, { width: 1280, state: { smoothing: 0.8 } });
  });

  after(async () => {
    assert.deepEqual(panel.complaints, []);
    await panel.close();
  });

  /** Presses a button by keyboard and gives what the host is asked to save. */
  async function exported(button: string): Promise<Exported> {
    const before = panel.received.length;
    await panel.page.getByRole('button', { name: button }).press('Enter');
    while (panel.received.length === before) await panel.settle();
    const last = panel.received.at(-1);
    assert.ok(last?.type === 'exportPicture', `The page asked for ${last?.type}.`);
    return { ...last, png: Uint8Array.from(Object.values(last.png)) };
  }

  function keep(name: string, { svg, png }: Exported): void {
    mkdirSync(ARTIFACTS, { recursive: true });
    writeFileSync(new URL(`${name}.svg`, ARTIFACTS), svg);
    writeFileSync(new URL(`${name}.png`, ARTIFACTS), png);
  }

  /** The texts and paths of an SVG as a browser reads it as XML. */
  async function read(svg: string) {
    return panel.page.evaluate((svg) => {
      const document = new DOMParser().parseFromString(svg, 'image/svg+xml');
      return {
        error: document.querySelector('parsererror')?.textContent ?? undefined,
        elements: [...new Set([...document.querySelectorAll('*')].map(({ localName }) => localName))].sort(),
        texts: [...document.querySelectorAll('text')].map((text) => ({
          text: text.textContent ?? '',
          x: Number(text.getAttribute('x')),
          y: Number(text.getAttribute('y')),
        })),
        paths: [...document.querySelectorAll('g path')].map((path) => path.getAttribute('d') ?? ''),
      };
    }, svg);
  }

  it('a chart is a vector drawing with title, legend, axes and notes', async () => {
    const picture = await exported('Export Loss as PNG or SVG');
    assert.equal(picture.name, 'loss');
    keep('export-loss', picture);
    const { error, elements, texts } = await read(picture.svg);
    assert.equal(error, undefined);
    assert.deepEqual(elements, ['clipPath', 'defs', 'g', 'path', 'rect', 'svg', 'text', 'title']);
    const words = texts.map(({ text }) => text);
    for (const word of ['Loss', 'Step', '100', '200', '1 rank <8> & "more" train', '2 rank-16 eval', 'NaN'])
      assert.ok(words.includes(word), `${word} is not among ${words.join('|')}`);
    assert.ok(words.includes('Strong lines are smoothed (0.80).'));
  });

  it('its lines lie where its axes say that the values are', async () => {
    const { svg } = await exported('Export Learning rate as PNG or SVG');
    const { texts, paths } = await read(svg);
    const at = (word: string) => {
      const found = texts.find(({ text }) => text === word);
      assert.ok(found, `No ${word} in ${texts.map(({ text }) => text).join('|')}.`);
      return found;
    };
    // Warm-up ends at step 20 of 200 with 5e-5, and the last step has 0.
    const longest = paths.reduce((a, b) => (a.length > b.length ? a : b));
    const points = longest
      .slice(1)
      .split('L')
      .map((pair) => pair.split(' ').map(Number));
    assert.equal(points.length, 200);
    const [x100, x200] = [at('100').x, at('200').x];
    const xOf = (step: number) => x100 + ((step - 100) / 100) * (x200 - x100);
    assert.ok(Math.abs((points[149]?.[0] ?? 0) - xOf(150)) < 0.6);
    const highest = points.reduce((a, b) => ((a[1] ?? 0) < (b[1] ?? 0) ? a : b));
    assert.ok(Math.abs((highest[0] ?? 0) - xOf(20)) < 0.6, `The top lies at ${highest[0]}, not ${xOf(20)}.`);
    assert.ok(Math.abs((points.at(-1)?.[1] ?? 0) + 4 - at('0').y) < 0.6);
  });

  it('PNG and SVG show the same, twice as fine in the PNG', async () => {
    const { svg, png } = await exported('Export Loss as PNG or SVG');
    const page = await (await sharedBrowser()).newPage();
    const base64 = Buffer.from(png).toString('base64');
    const result = await page.evaluate(
      async ({ svg, base64 }) => {
        const pixels = async (source: string, size?: { width: number; height: number }) => {
          const image = new Image();
          image.src = source;
          await image.decode();
          const { width, height } = size ?? image;
          const canvas = document.createElement('canvas');
          Object.assign(canvas, { width, height });
          const pen = canvas.getContext('2d');
          pen?.drawImage(image, 0, 0, width, height);
          return { width, height, data: pen?.getImageData(0, 0, width, height).data ?? [] };
        };
        const one = await pixels(`data:image/png;base64,${base64}`);
        const own = await pixels(`data:image/svg+xml,${encodeURIComponent(svg)}`);
        const two = await pixels(`data:image/svg+xml,${encodeURIComponent(svg)}`, one);
        let far = 0;
        for (let i = 0; i < one.data.length; i += 4)
          if ([0, 1, 2].some((part) => Math.abs((one.data[i + part] ?? 0) - (two.data[i + part] ?? 0)) > 96))
            far++;
        const colours = new Set<string>();
        for (let i = 0; i < one.data.length; i += 4)
          colours.add(`${one.data[i]},${one.data[i + 1]},${one.data[i + 2]}`);
        return { scale: one.width / own.width, far: far / (one.data.length / 4), colours: colours.size };
      },
      { svg, base64 },
    );
    await page.close();
    assert.ok(Math.abs(result.scale - 2) < 0.01, `Scale ${result.scale}.`);
    assert.ok(result.colours > 50, 'Nothing is drawn.');
    assert.ok(result.far < 0.01, `${(100 * result.far).toFixed(2)} % of the pixels differ.`);
  });

  it('all charts come below one another, in the colours of the theme', async () => {
    const dark = await exported('Export Charts as PNG or SVG');
    assert.equal(dark.name, 'charts');
    keep('export-dark', dark);
    await panel.setTheme(readTheme('high-contrast-light'));
    const light = await exported('Export Charts as PNG or SVG');
    keep('export-high-contrast-light', light);
    const { texts } = await read(light.svg);
    for (const title of ['Loss', 'Learning rate', 'Accuracy', 'Gradient norm'])
      assert.ok(texts.some(({ text }) => text === title));
    const ground = (svg: string) => /<rect[^>]* fill="(#\w+)"/.exec(svg)?.[1];
    assert.equal(ground(light.svg), '#ffffff');
    assert.notEqual(ground(dark.svg), '#ffffff');
  });

  it('what is zoomed to is what is drawn', async () => {
    await panel.page.getByRole('slider', { name: 'Loss by step' }).focus();
    await panel.page.keyboard.press('End');
    await panel.page.keyboard.press('+');
    await panel.settle();
    const { texts } = await read((await exported('Export Loss as PNG or SVG')).svg);
    const words = texts.map(({ text }) => text);
    assert.ok(words.includes('180') && !words.includes('0'), words.join('|'));
  });
});
