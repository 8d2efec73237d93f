import assert from 'node:assert/strict';
import { boxPath, circlePath, stack, svgOf, type Picture } from './picture.ts';

const black = { color: '#000000', opacity: 1 };

function picture(fields: Partial<Picture> = {}): Picture {
  return {
    title: 'Loss by step',
    width: 200,
    height: 100,
    ground: black,
    font: 'sans',
    groups: [],
    ...fields,
  };
}

describe('a picture of charts', () => {
  it('is SVG with size, title and ground', () => {
    const svg = svgOf(picture({ ground: { color: '#ffffff', opacity: 1 } }));
    assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="200" height="100" /);
    assert.match(svg, /<title>Loss by step<\/title>/);
    assert.match(svg, /<rect width="100%" height="100%" fill="#ffffff"\/>/);
  });

  it('names of runs cannot break out of it', () => {
    const text = { text: '</text><script>"&\u0000', x: 1, y: 2, fill: black, size: 11 };
    const svg = svgOf(picture({ title: '<b>', font: '"Segoe UI"', groups: [{ top: 0, shapes: [text] }] }));
    assert.match(svg, /&lt;\/text&gt;&lt;script&gt;&quot;&amp;\u{fffd}<\/text>/u);
    assert.match(svg, /<title>&lt;b&gt;<\/title>/);
    assert.match(svg, /font-family="&quot;Segoe UI&quot;"/);
  });

  it('clips each box once, and draws half covering colours so', () => {
    const clip = { x: 10, y: 20, width: 30, height: 40 };
    const line = { path: 'M0 0L9 9', stroke: { color: '#ff0000', opacity: 0.35 }, dash: [5, 4], clip };
    const svg = svgOf(picture({ groups: [{ top: 7, shapes: [line, line] }] }));
    assert.equal(svg.match(/<clipPath/g)?.length, 1);
    assert.match(svg, new RegExp(`<clipPath id="clip-1"><path d="${boxPath(clip)}"/></clipPath>`));
    assert.match(svg, /<g transform="translate\(0 7\)">/);
    assert.match(
      svg,
      /<path d="M0 0L9 9" fill="none" stroke="#ff0000" stroke-opacity="0.35" .*stroke-dasharray="5 4" clip-path="url\(#clip-1\)"\/>/,
    );
  });

  it('of several charts has them below one another', () => {
    const groups = [{ top: 0, shapes: [] }];
    const all = stack([
      picture({ groups }),
      picture({ title: 'Accuracy', width: 300, height: 80, groups }),
      picture({ title: 'Learning rate', groups }),
    ]);
    assert.deepEqual([all.width, all.height], [300, 280]);
    assert.equal(all.title, 'Loss by step, Accuracy, Learning rate');
    assert.deepEqual(
      all.groups.map(({ top }) => top),
      [0, 100, 180],
    );
  });

  it('rounds to hundredths of a pixel', () => {
    assert.equal(circlePath(1 / 3, 2, 1.5), 'M-1.17 2a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0 -3 0z');
  });
});
