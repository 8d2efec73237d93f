import assert from 'node:assert/strict';
import { rootMap, toValue, valueAt } from './node.ts';
import { MAX_FILE_LENGTH, parse } from './parse.ts';
import type { Entry, Node, TuneFile } from './tree.ts';

const read = (text: string) => parse('/w/a.tune.yaml', text);

function values(file: TuneFile): unknown[] {
  return file.documents.map(({ root }) => root && toValue(root));
}

function only(text: string) {
  const { documents, syntax } = read(text);
  assert.deepEqual(syntax, []);
  assert.equal(documents.length, 1);
  const [document] = documents;
  assert.ok(document);
  return document;
}

/** The text of a node, as it stands in the file. */
function textOf(node: Node | Entry['key'] | undefined): string {
  assert.ok(node);
  return node.document.file.text.slice(node.start, node.end);
}

describe('parse', () => {
  it('reads a stream of documents with kind and name', () => {
    const file = read('dataset: a\n---\nrun: b\n--- # the last\nevaluate: 7\n');
    assert.deepEqual(
      file.documents.map(({ index, kind, name }) => ({ index, kind, name })),
      [
        { index: 0, kind: 'dataset', name: 'a' },
        { index: 1, kind: 'run', name: 'b' },
        { index: 2, kind: 'evaluate', name: '7' },
      ],
    );
  });

  it('finds the kind word wherever it stands', () => {
    assert.equal(only('model: { base: b }\nrun: a\n').kind, 'run');
  });

  it('reads plain values as YAML 1.2 has them', () => {
    const root = only(
      'run: a\nx: [1, 1.5, 5e-5, 0x10, 1_000, yes, no, true, ~, null, "1", 2026-01-01, .inf]\n',
    ).root;
    assert.deepEqual(valueAt(root, 'x') && toValue(valueAt(root, 'x')!), [
      1,
      1.5,
      5e-5,
      16,
      '1_000',
      'yes',
      'no',
      true,
      null,
      null,
      '1',
      '2026-01-01',
      Infinity,
    ]);
  });

  it('gives every node its range in the file', () => {
    const text =
      '# first\ndataset: d\n---\nrun: a\nmodel: { base: "b c", labels: [x, y] }\ntrain:\n  seed: 1 # lucky\n\ntarget:\n';
    const [, document] = read(text).documents;
    const root = document?.root;
    assert.equal(textOf(valueAt(root, 'model')), '{ base: "b c", labels: [x, y] }');
    assert.equal(textOf(valueAt(root, 'model', 'base')), '"b c"');
    assert.equal(textOf(valueAt(root, 'model', 'labels')), '[x, y]');
    assert.equal(textOf(valueAt(root, 'train')), 'seed: 1');
    assert.equal(textOf(valueAt(root, 'train', 'seed')), '1');
    const entries = root?.type === 'map' ? root.entries : [];
    assert.deepEqual(
      entries.map(({ key }) => textOf(key)),
      ['run', 'model', 'train', 'target'],
    );
    assert.deepEqual(
      entries.map(({ key, end }) => text.slice(key.start, end).split('\n')[0]),
      ['run: a', 'model: { base: "b c", labels: [x, y] }', 'train:', 'target:'],
    );
  });

  it('places an empty value behind its colon', () => {
    const text = 'run: a\ntrain:   \nmodel:\n';
    const train = valueAt(only(text).root, 'train');
    assert.equal(train?.start, text.indexOf('train:') + 6);
    assert.equal(train?.end, train?.start);
  });

  it('tells quoted text from plain text', () => {
    const root = only('run: a\nx: [no, "no", \'no\']\n').root;
    const list = valueAt(root, 'x');
    assert.deepEqual(
      list?.type === 'seq' && list.items.map((item) => item.type === 'scalar' && item.quoted),
      [false, true, true],
    );
  });

  it('reads line breaks of Windows, and a byte-order mark', () => {
    const text = '\uFEFFrun: a\r\ntrain:\r\n  seed: 1\r\n---\r\nrun: b\r\n';
    const file = read(text);
    assert.deepEqual(file.syntax, []);
    assert.deepEqual(values(file), [{ run: 'a', train: { seed: 1 } }, { run: 'b' }]);
    const seed = valueAt(file.documents[0]?.root, 'train', 'seed');
    assert.equal(textOf(seed), '1');
    assert.deepEqual(file.lines.position(seed?.start ?? 0), { line: 3, column: 9 });
  });

  it('follows aliases and merge keys; a field of the map itself goes before a merged one', () => {
    const text = 'run: a\nx: &x { r: 4, s: 1 }\ny: *x\nz: { <<: *x, r: 8 }\nw: { <<: [*x, { t: 2 }] }\n';
    assert.deepEqual(toValue(only(text).root!), {
      run: 'a',
      x: { r: 4, s: 1 },
      y: { r: 4, s: 1 },
      z: { r: 8, s: 1 },
      w: { r: 4, s: 1, t: 2 },
    });
    const z = valueAt(only(text).root, 'z');
    assert.deepEqual(z?.type === 'map' && z.entries.map(({ name, merged }) => [name, merged]), [
      ['r', true],
      ['s', true],
      ['r', false],
    ]);
  });

  it('keeps both of two equal fields, of which the last counts', () => {
    const root = rootMap(only('run: a\nseed: 1\nseed: 2\n'));
    assert.equal(root?.entries.length, 3);
    assert.deepEqual(root && toValue(root), { run: 'a', seed: 2 });
  });

  it('makes no document of comments, directives and empty documents', () => {
    assert.deepEqual(read('').documents, []);
    assert.deepEqual(read('# only a comment\n').documents, []);
    assert.deepEqual(values(read('%YAML 1.2\n---\nrun: a\n')), [{ run: 'a' }]);
    assert.deepEqual(values(read('---\n---\nrun: a\n---\n')), [{ run: 'a' }]);
    assert.deepEqual(values(read('run: a\n...\n# between\n---\nrun: b\n...\n')), [
      { run: 'a' },
      { run: 'b' },
    ]);
  });

  it('reads what follows the end of a document as another one', () => {
    assert.deepEqual(values(read('run: a\n...\nrun: b\n')), [{ run: 'a' }, { run: 'b' }]);
  });

  it('reads JSON', () => {
    assert.deepEqual(values(read('{"run": "a", "model": {"base": "b"}}')), [
      { run: 'a', model: { base: 'b' } },
    ]);
  });

  it('keeps names that objects have of their own apart', () => {
    const root = only('run: a\n__proto__: { x: 1 }\nconstructor: 2\n').root;
    assert.equal(
      root?.type === 'map' && root.entries.map(({ name }) => name).join(),
      'run,__proto__,constructor',
    );
  });
});

describe('parse, on what is no config', () => {
  const messages = (text: string) => read(text).syntax.map(({ message }) => message);

  it('is soon done with a file that is far too large', () => {
    const text = `run: a\n${'# data\n'.repeat(600_000)}`;
    assert.ok(text.length > 4 * MAX_FILE_LENGTH);
    assert.deepEqual(messages(text), [
      'This file has 4200007 characters; a config has at most 1000000. Data belongs into files that `dataset:` names.',
    ]);
    assert.deepEqual(read(text).documents, []);
  });

  it('reads the first thousand documents', () => {
    const file = read('run: a\n---\n'.repeat(1500).concat('run: b\n'));
    assert.equal(file.documents.length, 1000);
    assert.deepEqual(
      file.syntax.map(({ message }) => message),
      ['This file has 1501 documents; only the first 1000 are read. Split the file.'],
    );
  });

  it('reads the first twenty thousand values', () => {
    const text = `run: a\ntrain:\n${Array.from({ length: 30_000 }, (_, i) => `  f${i}: 1\n`).join('')}`;
    assert.deepEqual(messages(text), [
      'This document has more than 20000 values; a config has a few hundred. Data belongs into files that `dataset:` names.',
    ]);
  });

  it('does not blow up aliases of aliases', () => {
    const levels = Array.from(
      { length: 20 },
      (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(', ')}]\n`,
    );
    assert.deepEqual(messages(`run: a\nl0: &l0 [x, x]\n${levels.join('')}`), [
      'Aliases make this document larger than 10000 values. Write less of it by alias.',
    ]);
  });

  it('does not descend for ever', () => {
    for (const text of [`a: ${'['.repeat(20_000)}`, `a: ${'{ b: '.repeat(20_000)}`]) {
      assert.deepEqual(messages(text), [
        'This document is nested too deeply to be read. A config is a few levels deep.',
      ]);
    }
  });

  it('says of rows of data once a line at most what is wrong', () => {
    const rows = Array.from({ length: 5000 }, (_, i) => `{"text": "row ${i}", "label": "a"}\n`).join('');
    const { syntax } = read(rows);
    assert.ok(syntax.length > 0 && syntax.length <= 50, `${syntax.length} problems`);
  });

  it('reads any characters', () => {
    const file = read(Array.from({ length: 3000 }, (_, i) => String.fromCharCode((i * 7919) % 400)).join(''));
    assert.ok(file.documents.length > 0 || file.syntax.length > 0);
  });
});
