import assert from 'node:assert/strict';
import { collateMasked, type MaskOptions } from './mask-tokens.ts';
import type { Sequences } from './sequences.ts';

const [CLS, SEP, MASK] = [2, 3, 4];
const OPTIONS: MaskOptions = {
  probability: 0.15,
  maskId: MASK,
  vocabSize: 1000,
  specialIds: new Set([0, CLS, SEP, MASK]),
  seed: 9,
  stream: 0,
};

/** Rows of [CLS], twenty ordinary tokens and [SEP]. */
function rowsOf(count: number): Sequences {
  const ids = Array.from({ length: count }, (_, row) => [
    CLS,
    ...Array.from({ length: 20 }, (_, i) => 100 + ((row * 20 + i) % 500)),
    SEP,
  ]);
  return {
    input_ids: Int32Array.from(ids.flat()),
    offsets: Int32Array.from({ length: count + 1 }, (_, i) => i * 22),
  };
}

function masked(count: number, options: Partial<MaskOptions> = {}) {
  const sequences = rowsOf(count);
  const batch = collateMasked(sequences, [...Array(count).keys()], { ...OPTIONS, ...options });
  const ids = [...batch.feeds['input_ids']!.data];
  const places = [...batch.feeds['target_index']!.data];
  const labels = [...batch.feeds['labels']!.data];
  return { batch, original: [...sequences.input_ids], ids, places, labels };
}

describe('collateMasked', () => {
  it('chooses 15 % of the tokens; of those 80 % become [MASK], 10 % another token, 10 % stay', () => {
    const { original, ids, places } = masked(2000);
    const ordinary = 2000 * 20;
    const within = (count: number, of: number, share: number) =>
      assert.ok(
        Math.abs(count - of * share) < 5 * Math.sqrt(of * share * (1 - share)),
        `${count} of ${of} is not ${share}`,
      );
    within(places.length, ordinary, 0.15);
    const masks = places.filter((place) => ids[place] === MASK).length;
    const kept = places.filter((place) => ids[place] === original[place]).length;
    within(masks, places.length, 0.8);
    // A random token is the same one in one of a thousand draws.
    within(kept, places.length, 0.1 + 0.1 / 1000);
    within(places.length - masks - kept, places.length, 0.1 - 0.1 / 1000);
  });

  it('keeps the true token as label, and touches nothing but its targets', () => {
    const { original, ids, places, labels, batch } = masked(50);
    assert.deepEqual(
      labels,
      places.map((place) => original[place]),
    );
    const chosen = new Set(places);
    original.forEach((id, place) => chosen.has(place) || assert.equal(ids[place], id));
    assert.deepEqual([batch.targets, batch.tokens], [places.length, original.length]);
  });

  it('never chooses a special token', () => {
    const { original, places } = masked(500, { probability: 0.9 });
    for (const place of places) assert.ok(![CLS, SEP].includes(original[place]!));
  });

  it('draws random tokens from the whole vocabulary', () => {
    const { ids, places, original } = masked(3000, { probability: 0.5 });
    const drawn = places.filter((place) => ids[place] !== MASK && ids[place] !== original[place]);
    const values = drawn.map((place) => ids[place]!);
    assert.ok(Math.min(...values) < 20 && Math.max(...values) > 980);
    assert.ok(values.every((id) => id >= 0 && id < 1000));
  });

  it('always has a target', () => {
    const { places, original } = masked(1, { probability: 1e-9 });
    assert.equal(places.length, 1);
    assert.ok(original[places[0]!]! >= 100);
  });

  it('repeats for the same stream and differs for another', () => {
    assert.deepEqual(masked(20).ids, masked(20).ids);
    assert.notDeepEqual(masked(20).ids, masked(20, { stream: 1 }).ids);
    assert.notDeepEqual(masked(20).ids, masked(20, { seed: 10 }).ids);
  });
});
