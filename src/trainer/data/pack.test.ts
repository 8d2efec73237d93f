import assert from 'node:assert/strict';
import { readTaskFixture } from '../testing/task-fixture.ts';
import { packBestFit } from './pack.ts';

describe('packBestFit', () => {
  for (const { room, lengths, rows } of readTaskFixture().packing) {
    it(`makes the rows that TRL makes, in its order, with room for ${room}`, () => {
      const { members, offsets } = packBestFit(Int32Array.from(lengths), room);
      const made = [...offsets.slice(1)].map((end, row) => [...members.slice(offsets[row], end)]);
      assert.deepEqual(made, rows);
    });
  }

  it('leaves out what is empty, and refuses what does not fit', () => {
    assert.deepEqual([...packBestFit(Int32Array.of(0, 2, 0, 2), 4).members], [1, 3]);
    assert.throws(() => packBestFit(Int32Array.of(5), 4), /5 tokens does not fit into rows of 4/);
  });
});
