import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { drawHeldOut } from './draw-held-out.ts';

/** What `python/make_split_fixtures.py` made with datasets itself. */
interface Fixture {
  plain: { rows: number; test_size: number; seed: number; held: number[] }[];
  stratified: { classes: number[]; test_size: number; seed: number; held: number[] }[];
}

const path = new URL('../../../test/fixtures/train-test-split.json', import.meta.url);
// SAFETY: the script writes it so.
const fixture = JSON.parse(readFileSync(path, 'utf8')) as Fixture;

function heldRows(drawn: ReturnType<typeof drawHeldOut>): number[] {
  assert.ok(drawn instanceof Uint8Array, JSON.stringify(drawn));
  return [...drawn].flatMap((isHeld, row) => (isHeld ? [row] : []));
}

describe('drawHeldOut', () => {
  for (const { rows, test_size, seed, held } of fixture.plain)
    it(`holds out the rows that datasets does: ${test_size} of ${rows} rows, seed ${seed}`, () => {
      assert.deepEqual(heldRows(drawHeldOut(rows, { test_size, seed })), held);
    });

  for (const { classes, test_size, seed, held } of fixture.stratified)
    it(`holds out the rows that datasets does, stratified: ${test_size} of ${classes.length} rows, seed ${seed}`, () => {
      assert.deepEqual(
        heldRows(drawHeldOut(classes.length, { test_size, seed }, Int32Array.from(classes))),
        held,
      );
    });

  it('says why rows cannot be held out', () => {
    const why = (rows: number, test_size: number, classes?: number[]) => {
      const found = drawHeldOut(rows, { test_size, seed: 1 }, classes && Int32Array.from(classes));
      return 'why' in found ? found.why : undefined;
    };
    assert.match(why(3, 3) ?? '', /3 of 3 rows would be held out/);
    assert.match(why(1, 0.5) ?? '', /1 of 1 row would be held out/);
    assert.match(why(0, 0.5) ?? '', /0 of 0 rows/);
    assert.match(why(4, 2, [0, 0, 0, 1]) ?? '', /stands in one row only/);
    assert.match(why(8, 1, [0, 0, 0, 0, 1, 1, 1, 1]) ?? '', /1 rows cannot hold each of the 2 values/);
  });
});
