import assert from 'node:assert/strict';
import { findCursor, type Cursor } from './cursor.ts';
import { atCursor } from './testing/cursor-mark.ts';

/** The cursor as `place path [siblings]`, and the text that it replaces. */
function at(marked: string): string | undefined {
  const { text, offset } = atCursor(marked);
  const cursor = findCursor(text, offset);
  return cursor && show(text, cursor);
}

function show(text: string, { place, path, siblings, start, end }: Cursor): string {
  const token = text.slice(start, end);
  return `${place} ${path.join('.')} [${siblings.join(' ')}]${token === '' ? '' : ` ${token}`}`;
}

describe('findCursor in blocks', () => {
  const cases: [name: string, marked: string, expected: string | undefined][] = [
    ['an empty file', '|', 'key  []'],
    ['a first word', 'da|', 'key  [] da'],
    ['the top of a document that has fields', '|\nfiles: {}\n', 'key  [files]'],
    ['behind the separator', 'run: a\n---\n|\n', 'key  []'],
    ['the line in front of the separator', 'run: a\n|\n---\ndataset: b\n', 'key  [run]'],
    ['a key with its value', 'run: a\ntra|in: {}\n', 'key  [run] train'],
    ['a half-written key', 'run: a\ntrain:\n  lear|\n  seed: 1\n', 'key train [seed] lear'],
    ['a half-written key at the end', 'run: a\ntrain:\n  seed: 1\n  lear|', 'key train [seed] lear'],
    ['a blank line among fields', 'train:\n  seed: 1\n  |\n  r: 2\n', 'key train [seed r]'],
    ['a blank line below an empty field', 'train:\n  |\nrun: a\n', 'key train []'],
    ['a blank line below an empty field whose fields follow', 'train:\n  |\n  seed: 1\n', 'key train [seed]'],
    ['a blank line at the column of the field above', 'run: a\ntrain:\n|\n', 'key  [run train]'],
    ['a blank line deeper than a filled field', 'run: a\n  |\n', undefined],
    ['a blank line two levels down', 'method:\n  lora:\n    |\n', 'key method.lora []'],
    ['a blank line one level up', 'method:\n  lora:\n    r: 8\n  |\n', 'key method [lora]'],
    ['a blank line between two columns', 'method:\n    lora:\n  |\n', undefined],
    ['spaces behind the cursor', 'train:\n  |   \n', 'key train []'],
    ['an empty value', 'run: a\nmodel:\n  task: |\n', 'value model.task []'],
    ['a colon without a space', 'model:\n  task:|\n', 'value model.task []'],
    ['a half-written value', 'model:\n  task: text|\n', 'value model.task [] text'],
    ['behind the colon of a field whose value stands below', 'train:|\n  seed: 1\n', undefined],
    ['inside a value', 'model:\n  task: te|xt\n', 'value model.task [] text'],
    ['behind a value', 'model:\n  task: text  |\n', undefined],
    ['a value in quotes', 'model:\n  base: "./b|"\n', 'value model.base [] "./b"'],
    ['a value in quotes that do not end', 'model:\n  base: "./b|\n  task: x\n', 'value model.base [] "./b'],
    ['a value in front of a comment', 'model:\n  task: |  # why\n', 'value model.task []'],
    ['a comment', 'model: # wh|y\n', undefined],
    ['a line that is a comment', 'model:\n  # wh|y\n', undefined],
    ['a value on a line of its own', 'model:\n  base:\n    ./b|\n', 'key model.base [] ./b'],
    ['a block of text', 'a: |-\n  te|xt\n'.replace('|-', '>'), undefined],
    ['below a block of text', 'a: >\n  text\n|\n', 'key  [a]'],
    ['an item of a list', 'labels:\n  - a\n  - |\n', 'value labels.1 [a]'],
    ['a half-written item of a list', 'labels:\n  - a\n  - b|\n  - c\n', 'value labels.1 [a c] b'],
    ['a list in the column of its field', 'labels:\n- a\n- |\nrun: b\n', 'value labels.1 [a]'],
    ['a blank line in a list', 'labels:\n  - a\n  |\n', 'item labels [a]'],
    ['a blank line below a list in the column of its field', 'labels:\n- a\n|\n', 'key  [labels]'],
    ['a map in a list', 'x:\n  - a: 1\n    |\n', 'key x.0 [a]'],
    ['a value behind an anchor', 'train: &t\n  |\n', 'key train []'],
    ['a key in quotes', '"tr|ain":\n  a: 1\n', 'key  [] "train"'],
    ['Windows line ends', 'run: a\r\ntrain:\r\n  seed: 1\r\n  |\r\n', 'key train [seed]'],
    ['a value with Windows line ends', 'run: a\r\nextends: |\r\ntrain:\r\n', 'value extends []'],
    ['a byte order mark', '\uFEFFrun: a\n|', 'key  [run]'],
    ['a tab in the indentation', 'train:\n\tsee|\n', 'key train [] see'],
    ['the second of two documents', 'run: a\n---\nrun: b\ntrain:\n  s|\n---\nrun: c\n', 'key train [] s'],
    ['a line without its colon above', 'run: a\nmodel ./base\ndata:\n  |\n', 'key data []'],
    ['a bracket that is never closed above', 'run: a\nmodel: { base: x\ndata:\n  tr|\n', 'key data [] tr'],
    [
      'a quote that is never closed above',
      'model:\n  base: "x\n  ta|\n  task: y\n',
      'key model [base task] ta',
    ],
  ];
  for (const [name, marked, expected] of cases) it(name, () => assert.equal(at(marked), expected));
});

describe('findCursor in brackets', () => {
  const cases: [name: string, marked: string, expected: string | undefined][] = [
    ['an empty map', 'model: {|}\n', 'key model []'],
    ['an empty map with spaces', 'model: { | }\n', 'key model []'],
    ['a half-written field', 'model: { ba| }\n', 'key model [] ba'],
    ['a field behind another', 'model: { base: x, ta| }\n', 'key model [base] ta'],
    ['a field in front of another', 'model: { ta|, base: x }\n', 'key model [base] ta'],
    ['a field with its value', 'model: { ta|sk: x, base: y }\n', 'key model [base] task'],
    ['an empty value', 'model: { base: x, task: | }\n', 'value model.task []'],
    ['a colon without a space', 'model: { task:| }\n', 'value model.task []'],
    ['a half-written value', 'model: { task: te|, base: x }\n', 'value model.task [] te'],
    ['behind a value in brackets', 'a: { b: { c: 1 } | }\n', undefined],
    ['a map in a map', 'method: { lora: { r: 8, | } }\n', 'key method.lora [r]'],
    ['behind a map in a map', 'candidates: { a: { run: x }, | }\n', 'key candidates [a]'],
    ['an empty list', 'metrics: [|]\n', 'value metrics.0 []'],
    ['a list', 'metrics: [accuracy, |]\n', 'value metrics.1 [accuracy]'],
    ['a half-written item', 'metrics: [acc|, latency]\n', 'value metrics.0 [latency] acc'],
    ['a map that is never closed', 'model: { base: x, ta|\ndata:\n  train: y\n', 'key model [base] ta'],
    ['a map that is never closed at the end', 'model: { base: x, task: |', 'value model.task []'],
    ['a map on several lines', 'model: {\n  base: x,\n  |\n}\n', 'key model [base]'],
    ['a line of its own in front of a field', 'model: {\n  |\n  base: x,\n}\n', 'key model [base]'],
    ['a comment in brackets', 'model: {\n  base: x, # wh|y\n}\n', undefined],
    ['a field behind a line without its comma', 'model: {\n  base: x\n  ta|\n}\n', 'key model [base] ta'],
    ['a colon inside a value', 'model: { base: hf:o|, task: x }\n', 'value model.base [] hf:o'],
    ['quotes', 'model: { base: "a, b|", task: x }\n', 'value model.base [] "a, b"'],
    ['a map in a block in a block', 'a:\n  b: { c: 1,| }\n  d: 2\n', 'key a.b [c]'],
    ['a map at the root', '{ run: a, | }', 'key  [run]'],
  ];
  for (const [name, marked, expected] of cases) it(name, () => assert.equal(at(marked), expected));

  it('says when a comma must follow', () => {
    const { text, offset } = atCursor('model: {\n  |\n  base: x,\n}\n');
    assert.equal(findCursor(text, offset)?.followed, true);
  });
});

describe('findCursor', () => {
  it('knows the kind of the document wherever its word stands', () => {
    const { text, offset } = atCursor('run: a\n---\nfiles:\n  |\ndataset: b\n');
    assert.equal(findCursor(text, offset)?.kind, 'dataset');
  });

  it('says when a space must come first', () => {
    const { text, offset } = atCursor('run: a\nextends:|\n');
    assert.equal(findCursor(text, offset)?.glued, true);
  });
});
