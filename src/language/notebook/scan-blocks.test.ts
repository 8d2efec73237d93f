import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Parser } from 'commonmark';
import { scanBlocks } from './scan-blocks.ts';

/** What the reference implementation of CommonMark finds: the first line and the info of each fence. */
function expected(text: string): string[] {
  const fences: string[] = [];
  const walker = new Parser().parse(text).walker();
  for (let step = walker.next(); step; step = walker.next()) {
    const { type, info, sourcepos } = step.node;
    // Indented code has no info, not even an empty one.
    if (type === 'code_block' && info !== null) fences.push(`${sourcepos[0][0] - 1}: ${info.trim()}`);
  }
  return fences;
}

function found(text: string): string[] {
  return scanBlocks(text).fences.map(({ start, info }) => `${lineOf(text, start)}: ${info}`);
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split(/\r\n|\r|\n/).length - 1;
}

const LINE = fc.oneof(
  fc.constantFrom(
    '```yaml tune', '```', '````', '~~~', '~~~ yaml tune', ' ```', '   ```yaml tune', '    ```', '\t```', '``` a`b',
    '- ```yaml tune', '  ```', '1. ```', '> ```yaml tune', '> ```', '>```', '- - ```', '> - ```', '  > ```',
    '', '', '  ', 'text', '  text', '    code', '# title', '===', '---', '***', '- item', '* item', '12. item', '1) item', '-',
    '<!-- comment', '-->', '<!-- whole -->', '<div>', '</div>', '<pre>', '</pre>', '<b>', '<?php', '?>', '<![CDATA[', ']]>', '<!X', '>',
    'dataset: a', '-\ttab', '>\ttab', ' \t```', '-     ```', '10000000000. no', '+', '  - deep', '      - deeper',
  ), // prettier-ignore
  fc.stringMatching(/^[ \t]{0,5}[-*+>`~<1.#=]{0,6}[ \t]{0,5}[-*+>`~a.]{0,5}$/),
);

describe('scanBlocks', () => {
  it('finds the fences that the reference implementation finds, in any mixture of lists, quotations, HTML and fences', () => {
    const end = fc.constantFrom('\n', '\n', '\r\n', '\r');
    const text = fc
      .array(fc.tuple(LINE, end), { maxLength: 14 })
      .map((lines) => lines.map(([line, eol]) => line + eol).join(''))
      .filter((each) => !/^---[ \t]*[\r\n]/.test(each));
    fc.assert(
      fc.property(text, (each) => assert.deepEqual(found(each), expected(each))),
      { numRuns: 4000 },
    );
  });

  it('knows where a fence begins and ends, and what stands in it', () => {
    const text = 'a\r\n````yaml tune\r\n```\r\n````  \r\nb';
    const [fence] = scanBlocks(text).fences;
    assert.ok(fence);
    assert.equal(text.slice(fence.start, fence.end), '````yaml tune\r\n```\r\n````  \r\n');
    assert.equal(text.slice(fence.contentStart, fence.contentEnd), '```\r\n');
    assert.deepEqual([fence.marker, fence.info, fence.closed, fence.depth], ['````', 'yaml tune', true, 0]);
  });

  it('says that a fence is not closed', () => {
    const text = '```yaml tune\nrun: a\n';
    const [fence] = scanBlocks(text).fences;
    assert.deepEqual([fence?.closed, fence?.contentEnd, fence?.end], [false, text.length, text.length]);
  });

  it('ends a fence with the list or the quotation that it stands in', () => {
    const [fence, next] = scanBlocks('> ```\n> x\ntext\n```yaml tune\n').fences;
    assert.deepEqual([fence?.closed, fence?.depth, fence?.end], [false, 1, 10]);
    assert.deepEqual([next?.depth, next?.start], [0, 15]);
  });

  it('passes over front matter, which holds no fence', () => {
    assert.equal(scanBlocks('\uFEFF---\ntitle: |\n  x\n```\n---\ntext\n').fences.length, 0);
    assert.equal(scanBlocks('---\nno end\n```\n').fences.length, 1);
  });

  it('finds comments outside of other blocks alone', () => {
    const { comments } = scanBlocks('<!-- a -->\n> <!-- b -->\n```\n<!-- c -->\n```\n  <!-- d\nmore -->\n');
    assert.deepEqual(comments.map(({ text }) => text), ['<!-- a -->', '<!-- d']); // prettier-ignore
  });
});
