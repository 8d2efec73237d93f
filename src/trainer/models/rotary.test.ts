import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { TunebookError } from '../../protocol/error.ts';
import type { Fields } from './read-fields.ts';
import { inverseFrequencies, readRotary } from './rotary.ts';

interface Case {
  config: Fields & { head_dim: number; rope_parameters: Fields };
  inv_freq: number[];
  attention_scaling: number;
}

const fixture = new URL('../../../test/fixtures/rotary.json', import.meta.url);
// SAFETY: python/make_rotary_fixture.py wrote it in this form.
const { cases } = JSON.parse(readFileSync(fixture, 'utf8')) as { cases: Case[] };

describe('rotary positions', () => {
  for (const { config, inv_freq, attention_scaling } of cases) {
    it(`turn as fast as transformers': ${JSON.stringify(config)}`, () => {
      const rotary = readRotary(config, 'config.json');
      const ours = inverseFrequencies(config.head_dim, rotary);
      assert.equal(ours.length, inv_freq.length);
      ours.forEach((frequency, i) =>
        assert.ok(
          Math.abs(frequency - inv_freq[i]!) < 5e-7 * inv_freq[i]!,
          `${i}: ${frequency}, ${inv_freq[i]}`,
        ),
      );
      const factor = rotary.type === 'yarn' ? rotary.attentionFactor : 1;
      assert.ok(Math.abs(factor - attention_scaling) < 1e-12);
    });
  }

  it('are read as before transformers 5 as well', () => {
    for (const { config } of cases) {
      const { rope_parameters: now, ...rest } = config;
      const { rope_theta, rope_type: type, ...scaling } = now;
      const before = { ...rest, rope_theta, rope_scaling: { type, ...scaling } };
      assert.deepEqual(readRotary(before, 'config.json'), readRotary(config, 'config.json'));
    }
  });

  it('of a kind that is not computed are refused with those that are', () => {
    const config = { rope_scaling: { rope_type: 'longrope', long_factor: [1], short_factor: [1] } };
    assert.throws(
      () => readRotary(config, 'config.json'),
      (error) => error instanceof TunebookError && /"longrope".*yarn/.test(error.message),
    );
  });

  it('without a number that they need are refused by its name', () => {
    const config = { rope_scaling: { rope_type: 'yarn', factor: 'x' }, max_position_embeddings: 8 };
    assert.throws(() => readRotary(config, 'config.json'), /factor of the rotary positions is "x"/);
  });
});
