import assert from 'node:assert/strict';
import { formatFile } from './format.ts';
import { parse } from './parse.ts';
import { PATH } from './testing/complete-at.ts';

/** A text after it has been formatted. */
async function format(text: string, tabSize?: number): Promise<string> {
  const edits = await formatFile(parse(PATH, text), { ...(tabSize !== undefined && { tabSize }) });
  return edits.reduceRight(
    (all, edit) => all.slice(0, edit.start) + edit.newText + all.slice(edit.end),
    text,
  );
}

async function expectFormat(text: string, expected: string): Promise<void> {
  assert.equal(await format(text), expected);
  assert.equal(await format(expected), expected, 'a second time');
}

describe('formatFile', () => {
  it('evens out spaces and indentation, and leaves numbers and texts as they are written', async () => {
    await expectFormat(
      'run:   a\nmodel:\n    base:   x\n    labels:\n    -   "1"\n    - b\ntrain: {learning_rate: 5.0e-4,  seed:   0x1F}\n',
      'run: a\nmodel:\n  base: x\n  labels:\n    - "1"\n    - b\ntrain: { learning_rate: 5.0e-4, seed: 0x1F }\n',
    );
  });

  it('keeps comments, anchors, merge keys and one blank line', async () => {
    await expectFormat(
      '# top\nrun: a # the name\n\n\n\n# the model\nmodel: &m {base: x}\ndata:\n    <<: *m\n    # a task\n    task: fill-mask\n',
      '# top\nrun: a # the name\n\n# the model\nmodel: &m { base: x }\ndata:\n  <<: *m\n  # a task\n  task: fill-mask\n',
    );
  });

  it('puts the kind word first, with the comment that stands above it', async () => {
    await expectFormat(
      '# top\n\nmodel: { base: x }\n# the name\nrun: a # short\ndata: { train: b.c }\n',
      '# top\n\n# the name\nrun: a # short\nmodel: { base: x }\ndata: { train: b.c }\n',
    );
    await expectFormat(
      'files: { a: b }\ndataset: c\n---\nmodel: { base: x }\nrun: d',
      'dataset: c\nfiles: { a: b }\n---\nrun: d\nmodel: { base: x }\n',
    );
  });

  it('keeps the line breaks of the file and its byte-order mark', async () => {
    await expectFormat('\uFEFFrun:  a\r\nmodel: {base: x}\r\n', '\uFEFFrun: a\r\nmodel: { base: x }\r\n');
  });

  it('indents as the editor does', async () => {
    assert.equal(await format('run: a\nmodel:\n  base: x\n', 4), 'run: a\nmodel:\n    base: x\n');
  });

  it('keeps blocks of text to the letter', async () => {
    const text = 'prompt: a\ntext: |\n  one  two\n\n\n    three: {four\n';
    assert.equal(await format(text), text);
  });

  const untouched: [why: string, text: string][] = [
    ['a broken line', 'run:  a\nmodel\ntrain:  {}\n'],
    ['an open bracket', 'run:  a\nmodel: {base: x\ntrain:  {}\n'],
    ['a tab', 'run:  a\nmodel:\n\tbase: x\n'],
    ['an alias of nothing', 'run:  a\nmodel:  *x\n'],
    ['an alias bomb', bomb()],
    ['nothing', ''],
    ['comments alone', '#  a\n\n\n\n#b\n'],
  ];
  for (const [why, text] of untouched) {
    it(`leaves a file with ${why} as it is`, async () => assert.equal(await format(text), text));
  }

  it('takes blank lines from the beginning, and nothing else', async () => {
    await expectFormat('\nmodel: { base: x }\n', 'model: { base: x }\n');
    await expectFormat('\n\n# a\nrun:  b\n', '# a\nrun: b\n');
  });

  it('changes no more than the lines that differ', async () => {
    const edits = await formatFile(parse(PATH, 'run: a\nmodel: {base: x}\ntrain: { seed: 1 }\n'));
    assert.deepEqual(edits, [{ start: 7, end: 24, newText: 'model: { base: x }\n' }]);
  });
});

function bomb(): string {
  const levels = Array.from(
    { length: 9 },
    (_, n) => `a${n}: &a${n} [${'x, '.repeat(n === 0 ? 9 : 0)}${n === 0 ? '' : `*a${n - 1}, `.repeat(9)}]`,
  );
  return `run:  a\n${levels.join('\n')}\n`;
}
