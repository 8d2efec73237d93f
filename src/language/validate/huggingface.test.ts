import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { LoraSchema } from '../schema/lora.ts';
import { TrainSchema } from '../schema/training.ts';
import { FORMER_TRAINING_ARGUMENTS } from './huggingface-renamed.ts';
import { UNSUPPORTED_LORA_CONFIG, UNSUPPORTED_TRAINING_ARGUMENTS } from './huggingface-unsupported.ts';

/** What python/make_defaults_fixture.py wrote: every field of both classes. */
interface Defaults {
  TrainingArguments: Record<string, unknown>;
  LoraConfig: Record<string, unknown>;
}

// SAFETY: the file is made by python/make_defaults_fixture.py, which writes this shape.
const theirs = JSON.parse(
  readFileSync(new URL('../../../test/fixtures/huggingface-defaults.json', import.meta.url), 'utf8'),
) as Defaults;

/** Left out of the fixture, because they name folders. */
const NOT_IN_FIXTURE = ['output_dir', 'run_name'];

describe('fields of Hugging Face that are not run', () => {
  it('are, with those that are run, all of TrainingArguments', () => {
    // Early stopping is a callback of transformers, not an argument; samples while it trains and numbers of the machine are ours.
    const fields = Object.keys(TrainSchema.properties).filter(
      (name) => !/^(early_stopping_|sample_|log_system_metrics$)/.test(name),
    );
    const ours = [...fields, ...Object.keys(UNSUPPORTED_TRAINING_ARGUMENTS)];
    const all = [...Object.keys(theirs.TrainingArguments), ...NOT_IN_FIXTURE];
    assert.deepEqual(ours.sort(), all.sort());
  });

  it('are, with those that are run, all of LoraConfig', () => {
    const ours = [...Object.keys(LoraSchema.properties), ...Object.keys(UNSUPPORTED_LORA_CONFIG)];
    assert.deepEqual(ours.sort(), Object.keys(theirs.LoraConfig).sort());
  });

  it('of older releases are in transformers no more', () => {
    for (const name of Object.keys(FORMER_TRAINING_ARGUMENTS)) {
      assert.ok(!(name in theirs.TrainingArguments), `${name} is a field of transformers`);
    }
  });

  it('of older releases are replaced by fields that are run', () => {
    const replaced = Object.values(FORMER_TRAINING_ARGUMENTS).filter(({ field }) => field !== undefined);
    assert.equal(replaced.length, 6);
    for (const { field } of replaced) assert.ok(field !== undefined && field in TrainSchema.properties);
  });
});
