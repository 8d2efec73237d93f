import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EvaluationResult } from '../../src/protocol/evaluation.ts';
import { writeCausalModel } from '../support/causal-model.ts';
import { parseLines } from './support/tunebook.ts';
import { eventsOf, workspace } from './support/workspace.ts';

/** A model without a head for classes. */
const BASE = fileURLToPath(new URL('../fixtures/parity/bert-mlm', import.meta.url));

describe('tunebook run of every kind of task', () => {
  const space = workspace();

  /** The evaluations of a run, first to last. */
  const evaluationsOf = (dir: string) =>
    eventsOf(dir).flatMap((event) =>
      event.type === 'metrics' && event.split === 'eval' ? [event.values] : [],
    );

  it('tags words of a CoNLL file, and another run goes on with what came of it', async () => {
    const at = space.at;
    /** `ba` begins an entity, which `be` goes on with. */
    const sentence = (i: number) => {
      const other = ['fa', 'fe', 'fi', 'fo'][i % 4] ?? '';
      const words = [[other, 'O'], ['ba', 'B-X'], ...(i % 3 === 0 ? [['be', 'I-X']] : []), ['da', 'O']];
      return words.map((columns) => columns.join(' ')).join('\n');
    };
    const sentences = Array.from({ length: 40 }, (_, i) => sentence(i));
    at.write('data/train.conll', `-DOCSTART- O\n\n${sentences.slice(0, 32).join('\n\n')}\n`);
    at.write('data/test.conll', `${sentences.slice(32).join('\n\n')}\n`);
    const dataset = {
      files: { train: 'data/train.conll', test: 'data/test.conll' },
      format: 'tokens',
      columns: {},
    };
    const again = {
      run: 'again',
      model: { base: 'run:tiny', task: 'token-classification' },
      data: { train: 'rows.train', eval: 'rows.test', max_length: 32 },
      train: { max_steps: 1, learning_rate: 1e-9, eval_on_start: true },
      target: { local: { device: 'cpu', threads: 1 } },
    };
    at.config(
      {
        dataset,
        model: { base: BASE, task: 'token-classification', num_labels: 3 },
        data: { eval: 'rows.test' },
        train: { max_steps: 60, learning_rate: 0.01, eval_strategy: 'steps', eval_steps: 30 },
      },
      [again],
    );
    const first = await at.run('run', 'intents.tune.yaml', 'tiny');
    assert.equal(first.code, 0, first.stderr);
    const [dir] = at.runs();
    const config: unknown = JSON.parse(readFileSync(join(dir!, 'output', 'config.json'), 'utf8'));
    assert.partialDeepStrictEqual(config, {
      architectures: ['BertForTokenClassification'],
      id2label: { 0: 'B-X', 1: 'I-X', 2: 'O' },
    });
    const learnt = evaluationsOf(dir!);
    assert.equal(learnt.length, 2);
    assert.equal(learnt.at(-1)?.['eval_f1'], 1);
    const second = await at.run('run', 'intents.tune.yaml', 'again');
    assert.equal(second.code, 0, second.stderr);
    // Runs of one second are in the order of their names.
    const [start] = evaluationsOf(at.runs().find((each) => each !== dir)!);
    assert.deepEqual(start, learnt.at(-1));
  });

  it('writes texts with a model from scratch, which is evaluated and generates what it learnt', async () => {
    const at = space.at;
    writeCausalModel(at.path('causal'));
    const texts = ['sky is blue', 'grass is green', 'blood is red'];
    at.write('data/train.txt', `${texts.join('\n')}\n`.repeat(8));
    at.write('data/test.txt', `${texts.join('\n')}\n`);
    const architecture = {
      model_type: 'llama',
      hidden_size: 32,
      intermediate_size: 64,
      num_hidden_layers: 2,
      num_attention_heads: 4,
      num_key_value_heads: 2,
      max_position_embeddings: 32,
    };
    at.config(
      {
        dataset: { files: { train: 'data/train.txt', test: 'data/test.txt' }, format: 'text', columns: {} },
        model: {
          base: 'scratch',
          tokenizer: 'causal',
          task: 'text-generation',
          num_labels: undefined,
          architecture,
        },
        data: { max_length: 16 },
        train: { max_steps: 40, learning_rate: 0.01 },
      },
      [
        {
          evaluate: 'learnt',
          data: 'rows.test',
          candidates: { random: { model: 'causal' }, tuned: { run: 'tiny' } },
          metrics: ['perplexity'],
        },
      ],
    );
    const run = await at.run('run', 'intents.tune.yaml', 'tiny');
    assert.equal(run.code, 0, run.stderr);
    const config: unknown = JSON.parse(readFileSync(join(at.onlyRun(), 'output', 'config.json'), 'utf8'));
    assert.partialDeepStrictEqual(config, {
      architectures: ['LlamaForCausalLM'],
      vocab_size: 60,
      ...architecture,
    });
    const told = await at.run('evaluate', 'intents.tune.yaml', '--json');
    assert.equal(told.code, 0, told.stderr);
    // SAFETY: the fields are asserted below.
    const { candidates } = parseLines(told.stdout).at(-1) as unknown as EvaluationResult;
    assert.ok(candidates['tuned']!['perplexity']!.value < 2, JSON.stringify(candidates));
    assert.ok(candidates['random']!['perplexity']!.value > 20, JSON.stringify(candidates));
    for (const text of texts) {
      const [thing, is, colour] = text.split(' ');
      const answer = await at.run('generate', 'run:tiny', '-p', `${thing} ${is}`, '--max-new-tokens', '2');
      assert.equal(answer.code, 0, answer.stderr);
      assert.match(answer.stdout, new RegExp(`\\b${colour}\\b`));
    }
  });
});
