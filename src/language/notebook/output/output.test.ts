import assert from 'node:assert/strict';
import MarkdownIt from 'markdown-it';
import { lossPicture } from '../../../protocol/loss-picture.ts';
import { bar, markdownTable, plainMarkdown } from './table.ts';

const markdown = new MarkdownIt({ html: true });

describe('plainMarkdown', () => {
  for (const text of [
    '*a* _b_ `c` [d](e) <b>f</b> | g & h ~~i~~ # j \\ $k$',
    '![x](y) <!-- z --> &amp; https://a',
    'snake_case_name and _lead_',
    '**',
  ]) {
    it(`shows ${text} as it is`, () => {
      const html = markdown.render(markdownTable(['a'], [[plainMarkdown(text)]]));
      assert.match(html, /<td>(.*)<\/td>/);
      const shown = /<td>(.*)<\/td>/.exec(html)?.[1] ?? '';
      assert.doesNotMatch(shown, /<(?!a )[^/]/);
      const words = shown.replace(/<\/?a[^>]*>/g, '').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&'); // prettier-ignore
      assert.equal(words, text);
    });
  }

  it('is one line, and not too long', () => {
    assert.equal(plainMarkdown('a\r\n\tb'), 'a b');
    assert.equal(plainMarkdown('x'.repeat(300), 10), `${'x'.repeat(9)}…`);
  });
});

describe('bar', () => {
  it('is as long as its share, in eighths', () => {
    assert.deepEqual(
      [bar(1, 4), bar(0.5, 4), bar(0.03125, 4), bar(0.0001, 4), bar(0, 4)],
      ['████', '██', '▏', '▏', ''],
    );
  });
});

describe('lossPicture', () => {
  it('draws both losses and escapes the title', () => {
    const points = (values: number[]) => values.map((value, step) => ({ step: step + 1, value }));
    const svg = lossPicture('a <b> & "c"', points([3, 2, Number.NaN, 1]), points([2.5, 1.5])) ?? '';
    assert.equal(svg.match(/<polyline /g)?.length, 2);
    assert.doesNotMatch(svg, /NaN|undefined|Infinity|<b>/);
    assert.match(svg, /points="56\.0,28\.0 /);
  });

  it('draws nothing of a single point, and the same value as a line', () => {
    assert.equal(lossPicture('a', [{ step: 1, value: 1 }], []), undefined);
    assert.match(lossPicture('a', [{ step: 1, value: 0 }, { step: 2, value: 0 }], []) ?? '', /<polyline/); // prettier-ignore
  });

  it('keeps a long run small', () => {
    const many = Array.from({ length: 100_000 }, (_, step) => ({ step, value: Math.sin(step) }));
    assert.ok((lossPicture('a', many, []) ?? '').length < 10_000);
  });
});
