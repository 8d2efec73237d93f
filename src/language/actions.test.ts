import assert from 'node:assert/strict';
import type { CheckDiagnostic, FixEdit } from '../protocol/check.ts';
import { fixAll, quickFixes } from './actions.ts';

const FILE = '/work/a.tune.yaml';

function edit(line: number, column: number, endColumn: number, newText: string, file = FILE): FixEdit {
  return { file, line, column, endLine: line, endColumn, newText };
}

function diagnostic(line: number, ...fixes: [title: string, ...edits: FixEdit[]][]): CheckDiagnostic {
  return {
    file: FILE,
    line,
    column: 3,
    endLine: line,
    endColumn: 8,
    severity: 'error',
    code: 'tune/unknown-field',
    message: 'No.',
    fixes: fixes.map(([title, ...edits]) => ({ title, edits })),
  };
}

describe('quickFixes', () => {
  const problem = diagnostic(2, ['Rename', edit(2, 3, 8, 'x')], ['Remove', edit(2, 1, 9, '')]);
  const at = (line: number, from: number, to = from) =>
    quickFixes([problem], FILE, { start: { line, column: from }, end: { line, column: to } });

  it('gives the fixes of a problem that the range touches, the first as the likely one', () => {
    assert.deepEqual(
      at(2, 5).map(({ title, preferred }) => [title, preferred]),
      [
        ['Rename', true],
        ['Remove', false],
      ],
    );
    assert.equal(at(2, 8).length, 2);
    assert.equal(at(2, 1, 3).length, 2);
  });

  it('leaves out what the range does not touch, and other files', () => {
    assert.deepEqual(at(2, 9), []);
    assert.deepEqual(at(3, 3), []);
    const elsewhere = quickFixes([problem], '/work/b.tune.yaml', {
      start: { line: 2, column: 3 },
      end: { line: 2, column: 3 },
    });
    assert.deepEqual(elsewhere, []);
  });
});

describe('fixAll', () => {
  it('takes the first fix of each problem, in the order of the text', () => {
    const all = fixAll(
      [
        diagnostic(4, ['B', edit(4, 1, 2, 'b')]),
        diagnostic(2, ['A', edit(2, 1, 2, 'a')], ['C', edit(2, 1, 2, 'c')]),
      ],
      FILE,
    );
    assert.deepEqual(
      all.map(({ newText }) => newText),
      ['a', 'b'],
    );
  });

  it('leaves edits that overlap, or start at one place, for the next time', () => {
    const overlapping = fixAll(
      [diagnostic(2, ['A', edit(2, 1, 6, 'a')]), diagnostic(2, ['B', edit(2, 4, 8, 'b')])],
      FILE,
    );
    assert.deepEqual(
      overlapping.map(({ newText }) => newText),
      ['a'],
    );
    const insertions = fixAll(
      [diagnostic(2, ['A', edit(2, 1, 1, 'a')]), diagnostic(2, ['B', edit(2, 1, 1, 'b')])],
      FILE,
    );
    assert.deepEqual(
      insertions.map(({ newText }) => newText),
      ['a'],
    );
    const neighbours = fixAll(
      [diagnostic(2, ['A', edit(2, 1, 4, 'a')]), diagnostic(2, ['B', edit(2, 4, 8, 'b')])],
      FILE,
    );
    assert.equal(neighbours.length, 2);
  });

  it('never takes text away alone, and never reaches into other files', () => {
    assert.deepEqual(fixAll([diagnostic(2, ['Remove', edit(2, 1, 9, '')])], FILE), []);
    assert.deepEqual(fixAll([diagnostic(2, ['Far', edit(2, 1, 9, 'x', '/work/b.tune.yaml')])], FILE), []);
  });
});
