import assert from 'node:assert/strict';
import { moveFix, setFix } from './edit.ts';
import { rootMap, toValue } from './node.ts';
import { parse } from './parse.ts';
import type { Fix } from './problem.ts';

function rootOf(text: string) {
  const document = parse('/w/a.tune.yaml', text).documents[0];
  return document && rootMap(document);
}

function apply(text: string, fix: Fix | undefined): string {
  assert.ok(fix);
  const edits = [...fix.edits].sort((a, b) => b.start - a.start);
  return edits.reduce((all, { start, end, newText }) => all.slice(0, start) + newText + all.slice(end), text);
}

const set = (text: string, path: string[], value: string) =>
  apply(text, setFix('', rootOf(text), path, value));

describe('setFix', () => {
  it('replaces a value', () => {
    assert.equal(
      set('run: a\ntrain: { seed: 1 } # x\n', ['train', 'seed'], '2'),
      'run: a\ntrain: { seed: 2 } # x\n',
    );
  });

  it('fills an empty value', () => {
    assert.equal(set('run: a\ntrain:\n', ['train', 'seed'], '2'), 'run: a\ntrain: { seed: 2 }\n');
    assert.equal(set('run: a\ntrain:\n  seed:\n', ['train', 'seed'], '2'), 'run: a\ntrain:\n  seed: 2\n');
  });

  it('adds a field to a block, in its column, behind a comment', () => {
    assert.equal(
      set('run: a\ntrain:\n    seed: 1 # lucky\n\ntarget:\n', ['train', 'optim'], 'x'),
      'run: a\ntrain:\n    seed: 1 # lucky\n    optim: x\n\ntarget:\n',
    );
  });

  it('adds a field to braces, also to empty ones', () => {
    assert.equal(
      set('run: a\ntrain: { seed: 1 }\n', ['train', 'optim'], 'x'),
      'run: a\ntrain: { seed: 1, optim: x }\n',
    );
    assert.equal(set('run: a\ntrain: {}\n', ['train', 'optim'], 'x'), 'run: a\ntrain: { optim: x }\n');
  });

  it('adds the maps that lead there', () => {
    assert.equal(
      set('run: a', ['target', 'local', 'device'], 'cpu'),
      'run: a\ntarget: { local: { device: cpu } }',
    );
  });

  it('keeps the line breaks of the file', () => {
    assert.equal(set('run: a\r\n', ['train', 'seed'], '1'), 'run: a\r\ntrain: { seed: 1 }\r\n');
  });

  it('stays in its document', () => {
    assert.equal(
      set('run: a\n---\nrun: b\n', ['train', 'seed'], '1'),
      'run: a\ntrain: { seed: 1 }\n---\nrun: b\n',
    );
  });

  it('leaves alone what stands elsewhere, behind an alias', () => {
    const text = 'run: a\nx: &x { seed: 1 }\ntrain: *x\n';
    assert.equal(setFix('', rootOf(text), ['train', 'seed'], '2'), undefined);
  });

  it('gives a text that reads as it was meant', () => {
    const text = 'run: a\nmethod:\n  lora:\n    target_modules:\n      - query\n      - value\n  # the end\n';
    const changed = set(text, ['method', 'lora', 'r'], '4');
    const root = rootOf(changed);
    assert.deepEqual(root && toValue(root), {
      run: 'a',
      method: { lora: { target_modules: ['query', 'value'], r: 4 } },
    });
  });
});

describe('moveFix', () => {
  const move = (text: string, name: string, path: string[]) => {
    const root = rootOf(text);
    const entry = root?.entries.find((each) => each.name === name);
    assert.ok(entry);
    return moveFix('', root, entry, path);
  };

  it('takes a field with its line', () => {
    const text = 'run: a\nseed: 1 # lucky\ntrain:\n  optim: x\n';
    assert.equal(
      apply(text, move(text, 'seed', ['train', 'seed'])),
      'run: a\ntrain:\n  optim: x\n  seed: 1\n',
    );
  });

  it('does not move what has several lines', () => {
    assert.equal(move('run: a\nseed:\n  - 1\n  - 2\n', 'seed', ['train', 'seed']), undefined);
  });
});
