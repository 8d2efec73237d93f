import assert from 'node:assert/strict';
import { parse } from './parse.ts';
import { findSymbols, type OutlineSymbol } from './symbols.ts';

/** `name: detail [its text]`, fields indented below. */
function tree(text: string): string[] {
  const lines = (symbol: OutlineSymbol, depth: number): string[] => [
    `${'  '.repeat(depth)}${symbol.name}: ${symbol.detail} <${symbol.type}>`,
    ...symbol.children.flatMap((child) => lines(child, depth + 1)),
  ];
  const symbols = findSymbols(parse('/w/a.tune.yaml', text));
  for (const symbol of symbols) expectInside(symbol);
  return symbols.flatMap((symbol) => lines(symbol, 0));
}

/** The protocol refuses a symbol whose name is empty or lies outside of it, or that lies outside of its parent. */
function expectInside(symbol: OutlineSymbol): void {
  assert.notEqual(symbol.name, '');
  assert.ok(
    symbol.start <= symbol.nameStart && symbol.nameStart <= symbol.nameEnd && symbol.nameEnd <= symbol.end,
  );
  for (const child of symbol.children) {
    assert.ok(child.start >= symbol.start && child.end <= symbol.end, `${child.name} in ${symbol.name}`);
    expectInside(child);
  }
}

describe('findSymbols', () => {
  it('gives documents with their fields', () => {
    const text = `dataset: a\nfiles: { train: [x.csv, y.csv] }\n---\nrun: b # why\ntrain:\n  seed: 1\n  fp16: true\n  run_name:\n`;
    assert.deepEqual(tree(text), [
      'a: dataset <dataset>',
      '  files: { train: [x.csv, y.csv] } <map>',
      '    train: [x.csv, y.csv] <seq>',
      'b: run <run>',
      '  train:  <map>',
      '    seed: 1 <number>',
      '    fp16: true <boolean>',
      '    run_name:  <null>',
    ]);
  });

  it('gives the items of a list of maps, and what an alias or a merge key brings where it stands', () => {
    const text = 'run: b\nx: &a { y: 1 }\nz: *a\nw: { <<: *a, v: 2 }\nlist:\n  - q: 1\n  - r: 2\n';
    assert.deepEqual(tree(text), [
      'b: run <run>',
      '  x: { y: 1 } <map>',
      '    y: 1 <number>',
      '  z: alias <map>',
      '  w: { <<: *a, v: 2 } <map>',
      '    v: 2 <number>',
      '  list: 2 items <seq>',
      '    1:  <map>',
      '      q: 1 <number>',
      '    2:  <map>',
      '      r: 2 <number>',
    ]);
  });

  it('names documents that have no kind or no name, and reads broken ones', () => {
    assert.deepEqual(
      tree('model: { base: x }\n---\nrun:\n---\nrun: c\nmodel: {base: \n"": 1\n---\n- 1\n').slice(0, 5),
      [
        'document 1:  <unknown>',
        '  model: { base: x } <map>',
        '    base: x <scalar>',
        'run without a name: run <run>',
        'c: run <run>',
      ],
    );
    assert.deepEqual(tree(''), []);
  });
});
