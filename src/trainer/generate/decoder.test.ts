import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { inspectModel, loadModel } from '../checkpoint/inspect-model.ts';
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

  it('does not read more than its capacity', async () => {
    await assert.rejects(decoder.read(0, [3], LENGTH), /a slot holds 200 tokens, not 201/);
  });
});

function assertNear(actual: Float32Array, expected: Float32Array): void {
  assert.equal(actual.length, expected.length);
  const far = Math.max(...actual.map((x, i) => Math.abs(x - expected[i]!)));
  assert.ok(far < 1e-5, `logits differ by ${far}`);
}
