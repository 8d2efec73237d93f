import assert from 'node:assert/strict';
import { Random, philox, shuffle } from './random.ts';

describe('random', () => {
  // The known answers that the authors of Philox publish with Random123 (kat_vectors, philox4x32 10).
  const known: [counter: number[], key: [number, number], output: number[]][] = [
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ];
  for (const [counter, key, output] of known) {
    it(`gives Random123's known answer for counter ${counter.map((word) => word.toString(16)).join(' ')}`, () => {
      const block = Uint32Array.from(counter);
      philox(block, ...key);
      assert.deepEqual([...block], output);
    });
  }

  it('gives the same numbers for the same seed and stream, and others for others', () => {
    const take = (seed: number, stream: number) => {
      const random = new Random(seed, stream);
      return Array.from({ length: 9 }, () => random.uint32());
    };
    assert.deepEqual(take(7, 1), take(7, 1));
    assert.notDeepEqual(take(7, 1), take(7, 2));
    assert.notDeepEqual(take(7, 1), take(8, 1));
    assert.notDeepEqual(take(7, 1), take(7 + 2 ** 32, 1));
    assert.notDeepEqual(take(-1, 0), take(1, 0));
  });

  it('draws every number below a bound equally often', () => {
    const random = new Random(1);
    const counts = new Array<number>(6).fill(0);
    const draws = 60_000;
    for (let i = 0; i < draws; i++) {
      const value = random.below(6);
      counts[value] = (counts[value] ?? 0) + 1;
    }
    const chiSquare = counts.reduce((sum, count) => sum + (count - draws / 6) ** 2 / (draws / 6), 0);
    assert.ok(chiSquare < 20.5, `chi-square ${chiSquare} over 5 degrees of freedom (0.1 % bound 20.5)`);
  });

  it('keeps uniform numbers in [0, 1) with their mean at a half', () => {
    const random = new Random(3);
    let sum = 0;
    for (let i = 0; i < 20_000; i++) {
      const value = random.uniform();
      assert.ok(value >= 0 && value < 1);
      sum += value;
    }
    assert.ok(Math.abs(sum / 20_000 - 0.5) < 0.01);
  });

  it('takes the largest bound and refuses a seed that is not an integer', () => {
    const random = new Random(5);
    assert.ok(Array.from({ length: 50 }, () => random.below(2 ** 32)).some((value) => value > 2 ** 31));
    assert.throws(() => new Random(0.5), RangeError);
  });

  it('shuffles each order equally often', () => {
    const random = new Random(11);
    const counts = new Map<string, number>();
    for (let i = 0; i < 12_000; i++) {
      const order = shuffle([0, 1, 2], random).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    assert.equal(counts.size, 6);
    for (const count of counts.values()) assert.ok(Math.abs(count - 2000) < 200, `${count} of 12,000`);
  });
});
