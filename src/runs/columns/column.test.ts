import assert from 'node:assert/strict';
import { existsSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { temporaryFolder } from '../testing/fixtures.ts';
import { BLOCK, BlockLost, BlockStore } from './block-store.ts';
import { Column, columnOf } from './column.ts';
import { Extremes } from './extremes.ts';
import { pack, unpack } from './pack.ts';

const noise = (i: number) => Math.sin(i * 12.9898);

describe('runs: columns', () => {
  const folder = temporaryFolder();
  const LENGTH = 3 * BLOCK + 100;
  const values = Float64Array.from({ length: LENGTH }, (_, i) => (i % 1000 === 7 ? NaN : noise(i)));

  for (const where of ['memory', 'a folder'] as const) {
    const store = () => new BlockStore(where === 'memory' ? undefined : join(folder.path, 'cache'));

    it(`give back what was put in, in ${where}`, () => {
      const column = columnOf(store(), values);
      assert.equal(column.length, LENGTH);
      assert.deepEqual(column.slice(0, LENGTH), values);
      assert.deepEqual(column.slice(BLOCK - 3, 2 * BLOCK + 3), values.slice(BLOCK - 3, 2 * BLOCK + 3));
      for (const i of [0, BLOCK - 1, BLOCK, LENGTH - 1]) assert.equal(column.at(i), values[i]);
      assert.ok(Number.isNaN(column.at(LENGTH)));
    });

    it(`forget an end, within a block and behind one, in ${where}`, () => {
      for (const length of [LENGTH - 1, 3 * BLOCK, 2 * BLOCK + 5, BLOCK, 0]) {
        const column = columnOf(store(), values);
        column.truncate(length);
        column.push(5);
        assert.deepEqual(column.slice(0, LENGTH), Float64Array.of(...values.slice(0, length), 5));
      }
    });
  }

  it('find where ascending values reach a value', () => {
    const steps = Float64Array.from({ length: LENGTH }, (_, i) => (i < 2 * BLOCK ? 2 * i : i * i));
    const column = columnOf(new BlockStore(), steps);
    for (const index of [0, 1, BLOCK - 1, BLOCK, 2 * BLOCK - 1, 2 * BLOCK, 3 * BLOCK, LENGTH - 1])
      for (const value of [(steps[index] ?? 0) - 1, steps[index] ?? 0, (steps[index] ?? 0) + 1])
        assert.equal(column.lowerBound(value), steps.filter((each) => each < value).length);
    assert.equal(column.lowerBound(Infinity), LENGTH);
  });

  it('take no room for steps and constants, and are exact in everything else', () => {
    const column = columnOf(
      new BlockStore(join(folder.path, 'lines')),
      Float64Array.from({ length: 2 * BLOCK }, (_, i) => 10 + 5 * i),
    );
    assert.equal(existsSync(join(folder.path, 'lines')), false);
    assert.equal(column.at(BLOCK + 1), 10 + 5 * (BLOCK + 1));
    const tenths = Float64Array.from({ length: BLOCK }, (_, i) => i / 10);
    assert.deepEqual(columnOf(new BlockStore(), tenths).slice(0, BLOCK), tenths);
  });

  it('are found again by what is written down of them', () => {
    const store = new BlockStore(join(folder.path, 'again'));
    const written = unpack(pack(columnOf(store, values).state));
    // SAFETY: it was packed just now.
    const column = new Column(new BlockStore(join(folder.path, 'again')), written as Column['state']);
    assert.deepEqual(column.slice(0, LENGTH), values);
    column.push(1);
    assert.equal(column.length, LENGTH + 1);
  });

  it('say of a block that was deleted, cut or changed that it is lost', () => {
    const ways: ((path: string) => void)[] = [
      (path) => truncateSync(path, 100),
      (path) => writeFileSync(path, Buffer.alloc(3 * BLOCK * 8)),
    ];
    for (const [i, harm] of ways.entries()) {
      const cache = join(folder.path, `lost-${i}`);
      const column = columnOf(new BlockStore(cache), values);
      for (const name of readdirSync(cache)) harm(join(cache, name));
      assert.throws(() => column.slice(0, 10), BlockLost);
      assert.equal(column.at(LENGTH - 1), values[LENGTH - 1], 'The tail is in memory.');
    }
  });

  it('stay in memory where nothing can be written', () => {
    writeFileSync(join(folder.path, 'file'), '');
    const column = columnOf(new BlockStore(join(folder.path, 'file')), values);
    assert.deepEqual(column.slice(0, LENGTH), values);
    assert.throws(() => column.state, /memory/);
  });

  it('know the extremes of every stretch, those of many values without reading them', () => {
    const [extremes, oneByOne] = [new Extremes(), new Extremes()];
    for (const [from, to] of [
      [0, 1],
      [1, 700],
      [700, 701],
      [701, LENGTH],
    ])
      extremes.pushAll(values.slice(from, to));
    for (const value of values) oneByOne.push(value);
    assert.deepEqual(extremes.state, oneByOne.state);
    let read = 0;
    const slice = (from: number, to: number) => {
      read += to - from;
      return values.slice(from, to);
    };
    fc.assert(
      fc.property(fc.nat(LENGTH), fc.nat(LENGTH), (a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const finite = values.slice(from, to).filter(Number.isFinite);
        read = 0;
        const { low, high, min, max } = extremes.within(from, to, slice);
        assert.ok(read < 600);
        if (finite.length === 0) return assert.deepEqual([low, high], [from, from]);
        assert.deepEqual(
          [min, max],
          [finite.reduce((x, y) => Math.min(x, y)), finite.reduce((x, y) => Math.max(x, y))],
        );
        assert.equal(low, values.indexOf(min, from));
        assert.equal(high, values.indexOf(max, from));
      }),
    );
  });

  it('forget the extremes of what is cut off', () => {
    const extremes = new Extremes();
    for (let i = 0; i < 1000; i++) extremes.push(i);
    const slice = (from: number, to: number) => Float64Array.from({ length: to - from }, (_, i) => from + i);
    extremes.truncate(301, slice);
    extremes.push(-5);
    const { high, max, low, min } = extremes.within(0, 302, (from, to) =>
      Float64Array.from({ length: to - from }, (_, i) => (from + i === 301 ? -5 : from + i)),
    );
    assert.deepEqual([high, max, low, min], [300, 300, 301, -5]);
  });
});
