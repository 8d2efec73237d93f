import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { inspectModel, loadModel } from '../checkpoint/inspect-model.ts';
import { likeliest } from './choose-token.ts';
import { Decoder } from './decoder.ts';

const folder = fileURLToPath(new URL('../../../test/fixtures/families/mistral-causal', import.meta.url));
const LENGTH = 200;
const sequence = (seed: number) => Array.from({ length: LENGTH }, (_, i) => 3 + ((seed * 7 + i * i) % 55));

describe('Decoder', () => {
  let decoder: Decoder;
  before(async () => {
    const { spec, values } = loadModel(inspectModel(folder), { kind: 'text-generation' }, 0);
    decoder = await Decoder.create(spec, values, { slots: 3, capacity: LENGTH, threads: 1 });
  });
  after(() => decoder.dispose());

  it('keeps what its slots hold while their memory grows', async () => {
    const sequences = [sequence(1), sequence(2)];
    // Different lengths side by side: the second slot is five tokens ahead.
    const ahead = [0, 5];
    for (const [slot, ids] of sequences.entries())
      await decoder.read(slot, ids.slice(0, 2 + ahead[slot]!), 0);
    let logits = new Float32Array();
    for (let place = 2; place < LENGTH - 5; place++) {
      const lengths = ahead.map((more) => place + more);
      logits = Float32Array.from(
        await decoder.step(
          lengths.map((at, slot) => sequences[slot]![at]!),
          lengths,
        ),
      );
    }
    for (const [slot, ids] of sequences.entries()) {
      const whole = await decoder.read(2, ids.slice(0, LENGTH - 5 + ahead[slot]!), 0);
      assertNear(logits.subarray(slot * decoder.vocabSize, (slot + 1) * decoder.vocabSize), whole);
    }
  });

  it('goes on behind what was read before, in pieces of any length', async () => {
    const ids = sequence(3);
    const whole = Float32Array.from(await decoder.read(0, ids, 0));
    await decoder.read(1, ids.slice(0, 37), 0);
    await decoder.read(1, ids.slice(37, 190), 37);
    assertNear(await decoder.read(1, ids.slice(190), 190), whole);
  });

  it('reads sequences of different lengths at once as it reads each alone', async () => {
    const fresh = [4, 9, 1].map((length, seed) => sequence(seed).slice(0, length));
    const lengths = fresh.map(() => 0);
    const together = Float32Array.from(await decoder.logits({ slot: 0, lengths, fresh }));
    const next = await decoder.likeliest({ slot: 0, lengths, fresh });
    const steps = Float32Array.from(
      await decoder.step(
        next,
        fresh.map(({ length }) => length),
      ),
    );
    for (const [place, ids] of fresh.entries()) {
      const own = (logits: Float32Array) =>
        logits.subarray(place * decoder.vocabSize, (place + 1) * decoder.vocabSize);
      const alone = await decoder.read(2, ids, 0);
      assert.equal(next[place], likeliest(alone));
      assertNear(own(together), alone);
      assertNear(own(steps), await decoder.read(2, [next[place]], ids.length));
    }
  });

  it('takes the first of equal logits, and none where one of them is no number', async () => {
    const { spec, values } = loadModel(inspectModel(folder), { kind: 'text-generation' }, 0);
    const weight = Float32Array.from(values.get('lm_head.weight')!);
    const width = weight.length / spec.config.vocab_size;
    const choose = async (change: (weight: Float32Array) => void) => {
      const changed = Float32Array.from(weight);
      change(changed);
      const other = await Decoder.create(spec, new Map([...values, ['lm_head.weight', changed]]), {
        slots: 1,
        capacity: 8,
        threads: 2,
      });
      const [id] = await other.likeliest({ slot: 0, lengths: [0], fresh: [[7, 8, 9]] });
      await other.dispose();
      return id;
    };
    assert.equal(await choose((all) => all.fill(0)), 0);
    const first = (await choose(() => {}))!;
    const row = weight.slice(first * width, (first + 1) * width);
    for (const twin of [first + 1, first - 1])
      assert.equal(await choose((all) => all.set(row, twin * width)), Math.min(first, twin));
    assert.equal(await choose((all) => all.fill(NaN, 3 * width, 4 * width)), -1);
  });

  it('does not read more than its capacity', async () => {
    await assert.rejects(decoder.read(0, [3], LENGTH), /a slot holds 200 tokens, not 201/);
  });
});

function assertNear(actual: Float32Array, expected: Float32Array): void {
  assert.equal(actual.length, expected.length);
  const far = Math.max(...actual.map((x, i) => Math.abs(x - expected[i]!)));
  assert.ok(far < 1e-5, `logits differ by ${far}`);
}
