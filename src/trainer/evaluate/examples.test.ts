import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DataReference } from '../../language/resolved.ts';
import { temporaryFolder } from '../../runs/testing/fixtures.ts';
import { tokenizeClassification } from '../data/classification.ts';
import { loadTokenizer } from '../data/tokenizer.ts';
import { inputOf, readExamples, tokenizeExamples } from './examples.ts';

const MODEL = join(import.meta.dirname, '../../../test/fixtures/parity/bert-classifier');

describe('the examples of an evaluation', () => {
  const folder = temporaryFolder();
  const { signal } = new AbortController();

  function reference(files: string[], columns: Record<string, string> = {}): DataReference {
    const dataset = { name: 'rows', file: 'test.tune.yaml', files: { test: files }, columns };
    return { dataset: { ...dataset, format: 'classification' }, split: 'test' };
  }

  it('are tokenised as a run tokenises them', async () => {
    const split = reference([join(MODEL, 'train.csv')]);
    const tokenizer = await loadTokenizer(MODEL);
    for (const max_length of [40, 8]) {
      const trained = await tokenizeClassification(split, tokenizer, { max_length });
      const examples = await readExamples(split, signal);
      const { sequences, truncated } = await tokenizeExamples(examples, tokenizer, max_length, signal);
      assert.deepEqual(sequences.input_ids, trained.input_ids);
      assert.deepEqual(sequences.offsets, trained.offsets);
      assert.equal(sequences.token_type_ids, undefined);
      assert.equal(truncated, trained.report.truncated);
      assert.deepEqual([...examples.labels], [...trained.labels]);
      assert.deepEqual(examples.names, trained.labelNames);
      assert.deepEqual(examples.placeOf(5), trained.sources(5));
    }
  });

  it('may be pairs of texts, over several files', async () => {
    const [one, two] = [join(folder.path, 'one.csv'), join(folder.path, 'two.jsonl')];
    writeFileSync(one, 'text,more,label\nlo tu,pe,bravo\n');
    writeFileSync(two, '{"text":"pe pe","more":"lo","label":"alpha"}\n');
    const split = reference([one, two], { text_pair: 'more' });
    const tokenizer = await loadTokenizer(MODEL);
    const trained = await tokenizeClassification(split, tokenizer, { max_length: 40, keepTexts: true });
    const examples = await readExamples(split, signal);
    const { sequences } = await tokenizeExamples(examples, tokenizer, 40, signal);
    assert.deepEqual(sequences.input_ids, trained.input_ids);
    assert.deepEqual(sequences.token_type_ids, trained.token_type_ids);
    assert.deepEqual([inputOf(examples, 0), inputOf(examples, 1)], trained.texts);
    assert.deepEqual(examples.placeOf(1), { file: two, line: 1 });
  });

  it('are read no further when the evaluation is stopped', async () => {
    const abort = new AbortController();
    abort.abort();
    const split = reference([join(MODEL, 'train.csv')]);
    await assert.rejects(readExamples(split, abort.signal), (error) => error === abort.signal.reason);
  });
});
