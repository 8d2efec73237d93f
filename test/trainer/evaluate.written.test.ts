import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GenerationSettings, ResolvedEvaluate, ResolvedPrompt } from '../../src/language/resolved.ts';
import { TunebookError } from '../../src/protocol/error.ts';
import { newRun, ownRuntimeFolder, temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { writeCausalModel } from '../support/causal-model.ts';
import {
  evaluateInFolder,
  finishedRun,
  resolvedEvaluate,
  type EvaluatedFolder,
} from './support/evaluate-in-folder.ts';
import { fixtureFolder } from './support/fixture.ts';
import { GENERATION } from './support/judged-evaluation.ts';
import { resolvedRun } from './support/resolved-run.ts';

const FACTS = [
  ['the sky is', 'blue'],
  ['the grass is', 'green'],
  ['the blood is', 'red'],
] as const;

const SHORT: GenerationSettings = { ...GENERATION, max_new_tokens: 4 };

function promptOf(fields: Partial<ResolvedPrompt>): ResolvedPrompt {
  return { name: 'ask', file: 'test.tune.yaml', generation: SHORT, ...fields };
}

/** Rows of JSON lines. */
const lines = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

/** Answers to so many rows take several times as long as two reports of progress lie apart. */
const MANY = 1200;

describe('an evaluation of models that write', () => {
  const workspace = temporaryFolder();
  ownRuntimeFolder();
  const at = (name: string) => join(workspace.path, name);

  before(async function () {
    this.timeout(300_000);
    writeCausalModel(at('base'));
    const rows = FACTS.map(([prompt, completion]) => ({ prompt, completion: ` ${completion}` }));
    writeFileSync(at('facts.jsonl'), lines([...rows, rows[0]!]));
    writeFileSync(
      at('labels.jsonl'),
      lines(FACTS.map(([text, label]) => ({ text: text.split(' ')[1], label }))),
    );
    const run = resolvedRun({
      base: at('base'),
      train: at('facts.jsonl'),
      task: 'text-generation',
      maxLength: 16,
      arguments: { max_steps: 60, learning_rate: 0.02, eval_strategy: 'no' },
    });
    const dataset = { ...run.data.train.dataset, format: 'prompt-completion' as const };
    await finishedRun(workspace.path, {
      ...run,
      name: 'facts',
      data: { ...run.data, train: { ...run.data.train, dataset }, completion_only_loss: true },
    });
  });

  const facts = (fields: Partial<Parameters<typeof resolvedEvaluate>[1]> = {}): ResolvedEvaluate =>
    resolvedEvaluate(workspace.path, {
      candidates: { base: { model: at('base') }, tuned: { run: 'facts' } },
      file: at('facts.jsonl'),
      format: 'prompt-completion',
      metrics: [
        'exact_match',
        'rougeL',
        'bleu',
        'perplexity',
        'bits_per_byte',
        'length',
        'latency',
        'tokens_per_second',
      ],
      assertions: { colour: { regex: '^ ?(red|green|blue)$' } },
      ...fields,
    });
  const labels = (fields: Partial<Parameters<typeof resolvedEvaluate>[1]> = {}): ResolvedEvaluate =>
    resolvedEvaluate(workspace.path, {
      candidates: { base: { model: at('base'), prompt: promptOf({ template: 'the {{ text }} is' }) } },
      file: at('labels.jsonl'),
      metrics: ['accuracy', 'macro_f1'],
      ...fields,
    });

  describe('in answer to prompts', () => {
    let evaluated: EvaluatedFolder;
    before(async () => {
      evaluated = await evaluateInFolder(workspace.path, facts());
    });

    it('measures what was asked for, in that order, with pairs and a verdict', () => {
      const { result } = evaluated.outcome;
      assert.ok(result);
      assert.deepEqual(Object.keys(result.candidates['tuned']!), [
        ...['exact_match', 'rougeL', 'bleu', 'perplexity', 'bits_per_byte', 'length'],
        ...['latency', 'latency_p95', 'tokens_per_second', 'colour'],
      ]);
      const { base, tuned } = result.candidates;
      assert.equal(tuned?.['exact_match']?.value, 1);
      assert.equal(base?.['exact_match']?.value, 0);
      assert.equal(tuned['colour']?.value, 1);
      assert.ok(tuned['perplexity']!.value < 1.2, 'it has learnt them');
      assert.ok(base['perplexity']!.value > 30, 'it knows nothing of 60 words');
      assert.equal(tuned['length']?.value, (5 + 6 + 4 + 5) / 4 + 0);
      assert.ok(
        result.pairs.some(({ metric, test }) => metric === 'exact_match' && test === 'mcnemar-exact'),
      );
      assert.match(result.verdict, /^no difference between base and tuned could be shown; n = 4 is too few/);
    });

    it('keeps each answer with its prompt, its scores, its losses and its time', () => {
      const [first, , , again] = evaluated.records;
      const { tuned } = first!.outputs;
      assert.equal(first!.input, 'the sky is');
      assert.equal(first!.reference, ' blue');
      assert.equal(tuned?.output.trim(), 'blue');
      assert.equal(tuned.prompt, 'the sky is');
      assert.equal(tuned.finish, 'eos');
      assert.equal(tuned.promptTokens, 3);
      assert.equal(tuned.outputTokens, 2);
      assert.equal(tuned.correct, true);
      assert.equal(tuned.scores?.['rougeL'], 1);
      assert.ok(tuned.latency > 0);
      assert.equal(tuned.loss?.tokens, 2);
      assert.equal(tuned.loss.bytes, 5);
      assert.equal(again!.outputs['tuned']?.cached, true, 'an equal prompt is answered once');
      assert.equal(again!.outputs['tuned']?.output, tuned.output);
    });

    it('goes on where it was stopped, and comes to the same', async () => {
      const many = Array.from({ length: MANY }, (_, i) => {
        return { prompt: `w${10 + (i % 49)} is w${10 + Math.floor(i / 49)}`, completion: ' blue' };
      });
      writeFileSync(at('many.jsonl'), lines(many));
      const evaluation = facts({ file: at('many.jsonl'), metrics: ['exact_match', 'rougeL'] });
      const stopped = await evaluateInFolder(workspace.path, evaluation, {
        stopAt: (event) => event.type === 'progress' && event.done > 0,
      });
      assert.equal(stopped.outcome.state, 'stopped');
      const answered = stopped.records.flatMap(({ outputs }) => Object.keys(outputs)).length;
      assert.ok(answered > 0 && answered < 2 * MANY);
      const finished = await evaluateInFolder(workspace.path, evaluation, { dir: stopped.dir });
      assert.equal(finished.outcome.state, 'finished');
      const whole = await evaluateInFolder(workspace.path, evaluation);
      const outputs = (of: EvaluatedFolder) =>
        of.records.map((record) => [record.outputs['base']?.output, record.outputs['tuned']?.output]);
      assert.deepEqual(outputs(finished), outputs(whole));
      assert.deepEqual(finished.outcome.result?.pairs, whole.outcome.result?.pairs);
    });
  });

  it('scores whole texts, longer ones than the model reads too', async () => {
    const long = Array.from({ length: 150 }, (_, i) => `w${10 + (i % 40)}`).join(' ');
    writeFileSync(at('texts.txt'), `the sky is blue\n${long}\n`);
    const { records, outcome } = await evaluateInFolder(
      workspace.path,
      facts({
        file: at('texts.txt'),
        format: 'text',
        metrics: ['perplexity', 'bits_per_byte'],
        assertions: undefined,
      }),
    );
    assert.equal(outcome.state, 'finished');
    assert.equal(records[0]?.outputs['base']?.loss?.tokens, 4);
    assert.equal(records[1]?.outputs['base']?.loss?.tokens, 150);
    assert.ok(outcome.result!.candidates['base']!['bits_per_byte']!.value > 1);
  });

  describe('that choose among labels', () => {
    it('score every label behind the prompt, beside a classifier of the same rows', async () => {
      const candidates = {
        base: { model: at('base'), prompt: promptOf({ template: 'the {{ text }} is' }) },
        tuned: { run: 'facts', prompt: promptOf({ template: 'the {{ text }} is' }) },
      };
      const { outcome, records } = await evaluateInFolder(workspace.path, labels({ candidates }));
      const { result } = outcome;
      assert.equal(result?.candidates['tuned']?.['accuracy']?.value, 1);
      assert.deepEqual(result.confusion?.['tuned']?.labels, ['blue', 'green', 'red']);
      const { tuned } = records[0]!.outputs;
      assert.equal(tuned?.output, 'blue');
      assert.equal(tuned.logLikelihoods?.length, 3);
      assert.equal(tuned.prompt, 'the sky is');
      const own = Math.exp(tuned.logLikelihoods[0]!);
      const all = tuned.logLikelihoods.reduce((sum, each) => sum + Math.exp(each), 0);
      assert.ok(Math.abs(tuned.score - own / all) < 1e-5);
    });

    it('answer some of the rows where there is a limit, among the labels of all', async () => {
      const candidates = { tuned: { run: 'facts', prompt: promptOf({ template: 'the {{ text }} is' }) } };
      const limited = await evaluateInFolder(workspace.path, labels({ candidates, limit: 2 }));
      const all = await evaluateInFolder(workspace.path, labels({ candidates }));
      const inputs = ({ records }: typeof all) => records.map(({ input, source }) => `${source} ${input}`);
      assert.equal(limited.records.length, 2);
      assert.ok(inputs(limited).every((input) => inputs(all).includes(input)));
      assert.equal(limited.records[0]!.outputs['tuned']?.logLikelihoods?.length, 3);
      assert.equal(limited.outcome.result?.candidates['tuned']?.['accuracy']?.n, 2);
    });

    it('see examples: the same for all rows, or the most similar ones', async () => {
      const examples = {
        data: { dataset: { ...labels().data.dataset, name: 'shots' }, split: 'test' },
        count: 2,
        seed: 1,
      };
      const ask = async (select: 'random' | 'similar') => {
        const prompt = promptOf({ template: 'the {{ text }} is', examples: { ...examples, select } });
        const { records } = await evaluateInFolder(
          workspace.path,
          labels({ candidates: { base: { model: at('base'), prompt } } }),
        );
        return records.map(({ outputs }) => {
          const sent = outputs['base']?.prompt;
          return typeof sent === 'string' ? sent : '';
        });
      };
      const drawn = await ask('random');
      assert.match(drawn[0]!, /^the \w+ is (red|green|blue)\n\nthe \w+ is (red|green|blue)\n\nthe sky is$/);
      assert.equal(new Set(drawn.map((prompt) => prompt.split('\n\n').slice(0, 2).join())).size, 1);
      for (const [i, prompt] of (await ask('similar')).entries())
        assert.ok(!prompt.slice(0, prompt.lastIndexOf('\n\n')).includes(FACTS[i]![0]), 'not the row itself');
    });
  });

  describe('that cannot be', () => {
    const fails = async (evaluation: ResolvedEvaluate, code: string, message: RegExp, line?: number) => {
      await assert.rejects(evaluateInFolder(workspace.path, evaluation), (error) => {
        assert.ok(error instanceof TunebookError, String(error));
        assert.equal(error.code, code, error.message);
        assert.match(error.message, message);
        if (line !== undefined) assert.equal(error.location?.line, line);
        return true;
      });
    };

    it('names the slot that a row lacks, and the row', () =>
      fails(
        labels({
          candidates: { base: { model: at('base'), prompt: promptOf({ template: 'of {{ txet }} it is' }) } },
        }),
        'evaluate/missing-slot',
        /"ask" has a slot \{\{ txet \}\}, and line 1 of .*labels\.jsonl has no column "txet"; it has text and label/,
        1,
      ));

    describe('because prompts are longer than the context', () => {
      const sky = (words: number) => ({ prompt: 'sky '.repeat(words).trim(), completion: ' blue' });
      before(() => {
        writeFileSync(at('long.jsonl'), lines([sky(3), sky(70), sky(64), sky(63), sky(80), sky(90)]));
      });

      /** The error, and what a run directory holds then. */
      const refused = async (evaluation: ResolvedEvaluate) => {
        const dir = newRun(workspace.path, { kind: 'evaluate', name: evaluation.name });
        const error = await evaluateInFolder(workspace.path, evaluation, { dir }).then(
          () => assert.fail('it went on'),
          (reason: unknown) => reason,
        );
        assert.ok(error instanceof TunebookError, String(error));
        assert.equal(error.code, 'evaluate/prompt-too-long');
        assert.ok(!existsSync(join(dir, 'records.jsonl')), 'nothing is computed');
        return error;
      };
      const told = (error: TunebookError) => error.message.replaceAll(`${at('long.jsonl')}`, 'FILE');

      it('names every candidate, the first rows and their tokens, before anything is computed', async () => {
        const examples = {
          data: facts().data,
          count: 2,
          select: 'random' as const,
          seed: 1,
        };
        const error = await refused(
          facts({
            candidates: {
              base: { model: at('base') },
              few: { run: 'facts', prompt: promptOf({ template: '{{ prompt }}', examples }) },
              word: { model: at('base'), prompt: promptOf({ template: 'sky' }) },
            },
            file: at('long.jsonl'),
            metrics: ['exact_match'],
          }),
        );
        assert.equal(
          told(error),
          '"base" reads 64 tokens, prompt and answer together, and 4 of 6 rows need more: line 2 of FILE (71 tokens), line 3 (65 tokens), line 5 (81 tokens), and 1 more. ' +
            '"few" reads 64 tokens, prompt and answer together, and 5 of 6 rows need more: line 2 of FILE (79 tokens), line 3 (73 tokens), line 4 (72 tokens), and 2 more.',
        );
        assert.equal(error.location?.line, 2);
      });

      it('counts the reference where its loss is measured', async () => {
        const error = await refused(facts({ file: at('long.jsonl'), metrics: ['perplexity'] }));
        assert.match(
          told(error),
          /5 of 6 rows need more: line 2 of FILE \(72 tokens\), line 3 \(66 tokens\), line 4 \(65 tokens\)/,
        );
      });

      it('counts the longest label where one is chosen', async () => {
        writeFileSync(
          at('long-labels.jsonl'),
          lines([
            { text: 'sky', label: 'blue' },
            { text: 'sky '.repeat(64).trim(), label: 'red' },
          ]),
        );
        const prompt = promptOf({ template: '{{ text }}' });
        const error = await refused(
          labels({ file: at('long-labels.jsonl'), candidates: { base: { model: at('base'), prompt } } }),
        );
        assert.match(
          error.message,
          /^"base" reads 64 tokens, prompt and answer together, and 1 of 2 rows needs more: line 2 of .*long-labels\.jsonl \(65 tokens\)\.$/,
        );
      });
    });

    it('says that rows have no references', async () => {
      writeFileSync(at('half.jsonl'), lines([{ prompt: 'the sky is' }]));
      await fails(facts({ file: at('half.jsonl') }), 'data/missing-column', /no column "completion"/);
      writeFileSync(at('chat.jsonl'), lines([{ messages: [{ role: 'user', content: 'sky' }] }]));
      await fails(
        facts({ file: at('chat.jsonl'), format: 'chat' }),
        'evaluate/no-reference',
        /Line 1 of .* does not end with a text of the assistant/,
        1,
      );
    });

    it('says that a metric does not fit the rows', async () => {
      await fails(
        facts({ metrics: ['accuracy'] }),
        'evaluate/metric-misfit',
        /measures `accuracy`, but .* no labels/,
      );
      await fails(labels({ metrics: ['bleu'] }), 'evaluate/metric-misfit', /measures `bleu`/);
    });

    it('says that label sets differ', async () => {
      const candidates = {
        classifier: { model: fixtureFolder('bert-classifier') },
        base: { model: at('base'), prompt: promptOf({ template: 'the {{ text }} is' }) },
      };
      await fails(
        labels({ candidates }),
        'evaluate/unknown-label',
        /3 labels that "classifier" does not have: "blue"/,
      );
    });

    it('says that a run is unfinished, and that a model writes nothing', async () => {
      newRun(workspace.path, { name: 'begun' });
      await fails(facts({ candidates: { begun: { run: 'begun' } } }), 'evaluate/run-unfinished', /begun/);
      await fails(
        facts({ candidates: { bert: { model: fixtureFolder('bert-mlm') } } }),
        'generate/not-causal',
        /"bert": .* of type bert/,
      );
      await fails(
        labels({ candidates: { base: { model: at('base'), generation: SHORT } } }),
        'evaluate/needs-prompt',
        /"base"/,
      );
    });

    it('says what is wrong with a template and an assertion', async () => {
      const prompt = promptOf({ template: 'the {{ text is' });
      await fails(
        labels({ candidates: { base: { model: at('base'), prompt } } }),
        'evaluate/bad-prompt',
        /"ask" cannot be read as Jinja/,
      );
      await fails(facts({ assertions: { x: { regex: '(' } } }), 'evaluate/bad-assertion', /"x"/);
    });
  });
});
