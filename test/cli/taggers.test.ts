import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mergeRecords, type EvaluationResult } from '../../src/protocol/evaluation.ts';
import { readRecords } from '../../src/trainer/evaluate/record-log.ts';
import { parseLines } from './support/tunebook.ts';
import { eventsOf, workspace } from './support/workspace.ts';

/** A model without a head for classes. */
const BASE = fileURLToPath(new URL('../fixtures/parity/bert-mlm', import.meta.url));
const OTHERS = ['fa', 'fe', 'fi', 'fo', 'fu'];

/** `ba` begins an entity that `be` goes on with; `bi` is one of another type. */
function sentence(i: number): [word: string, tag: string][] {
  const other = (k: number): [string, string] => [OTHERS[(i + k) % 5] ?? '', 'O'];
  return [
    other(0),
    ['ba', 'B-x'],
    ...(i % 3 === 0 ? ([['be', 'I-x']] satisfies [string, string][]) : []),
    other(2),
    ...(i % 2 === 0 ? ([['bi', 'B-y']] satisfies [string, string][]) : []),
    other(i),
  ];
}

const conll = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => sentence(from + i))
    .map((words) => words.map((columns) => columns.join(' ')).join('\n'))
    .join('\n\n');

describe('tunebook evaluate of taggers', () => {
  const space = workspace();

  const tagger = (name: string, train: object) => ({
    run: name,
    model: { base: BASE, task: 'token-classification', num_labels: 4 },
    data: { train: 'rows.train', eval: 'rows.test', max_length: 32 },
    train: { per_device_train_batch_size: 8, eval_strategy: 'steps', eval_steps: 20, ...train },
    target: { local: { device: 'cpu', threads: 1 } },
  });
  const worth = {
    evaluate: 'worth-it',
    data: 'rows.test',
    candidates: { early: { run: 'early' }, tuned: { run: 'tuned' } },
    metrics: ['f1', 'precision', 'recall', 'macro_f1', 'accuracy', 'latency'],
  };

  function prepare(more: readonly object[] = [worth]): void {
    const at = space.at;
    at.write('data/train.conll', `-DOCSTART- O\n\n${conll(0, 60)}\n`);
    at.write('data/test.conll', `${conll(60, 100)}\n`);
    const files = { train: 'data/train.conll', test: 'data/test.conll' };
    const dataset = { files, format: 'tokens', columns: {} };
    at.config({ dataset, model: { base: BASE, task: 'token-classification', num_labels: 4 } }, [
      tagger('early', { max_steps: 20, learning_rate: 0.001 }),
      tagger('tuned', { max_steps: 80, learning_rate: 0.01 }),
      ...more,
    ]);
  }

  it('compares two runs by entities, agrees with their own evaluations, and judges an objective', async () => {
    const at = space.at;
    const objective = {
      objective: 'ship',
      evaluate: 'worth-it',
      candidate: 'tuned',
      accept: { f1: '>= 0.9', accuracy: '> 0.9' },
    };
    prepare([worth, objective]);
    const measured: Record<string, Readonly<Record<string, unknown>>> = {};
    for (const name of ['early', 'tuned']) {
      const run = await at.run('run', 'intents.tune.yaml', name);
      assert.equal(run.code, 0, run.stderr);
      const dir = at.runs().find((each) => each.includes(`-${name}-`));
      const events = eventsOf(dir ?? '').flatMap((event) =>
        event.type === 'metrics' && event.split === 'eval' ? [event.values] : [],
      );
      measured[name] = events.at(-1) ?? {};
    }
    const json = await at.run('evaluate', 'intents.tune.yaml', '--json');
    assert.equal(json.code, 0, json.stderr);
    // SAFETY: the fields are asserted below.
    const result = parseLines(json.stdout).at(-1) as unknown as EvaluationResult;
    for (const name of ['early', 'tuned'])
      for (const metric of ['f1', 'precision', 'recall', 'accuracy']) {
        const own = Number(measured[name]?.[`eval_${metric}`]);
        const difference = Math.abs(result.candidates[name]![metric]!.value - own);
        assert.ok(difference < 1e-12, `${metric} of ${name} is ${own} in the run`);
      }
    assert.equal(result.candidates['tuned']!['f1']!.value, 1);
    assert.ok(result.candidates['early']!['f1']!.value < 0.9);
    assert.match(result.verdict, /^tuned beats early by \d+\.\d points of F1/);
    assert.equal(result.pairs.length, 5);
    assert.deepEqual(
      result.perLabel?.['tuned']?.map(({ label, support, f1 }) => [label, support, f1]),
      [
        ['x', 40, 1],
        ['y', 20, 1],
      ],
    );
    assert.equal(result.objectives?.[0]?.met, true);

    const dir = at.runs().find((each) => each.includes('-worth-it-')) ?? '';
    const [first] = mergeRecords(readRecords(readFileSync(join(dir, 'records.jsonl'))).records);
    assert.equal(first?.input, 'fa ba be fi bi fa');
    assert.equal(first.reference, 'ba be (x), bi (y)');
    assert.equal(first.outputs['tuned']?.output, 'ba be (x), bi (y)');
    assert.equal(first.source, 'data/test.conll:1');
    assert.deepEqual(first.spans, [
      { start: 3, end: 8, type: 'x' },
      { start: 12, end: 14, type: 'y' },
    ]);

    const words = await at.run('evaluate', 'intents.tune.yaml');
    assert.equal(words.code, 0, words.stderr);
    assert.match(words.stdout, /rows\.test, 40 examples/);
    assert.match(words.stdout, /tuned − early +macro-F1/);
  });

  it('measures F1, precision and recall where no metric is named, and finds out that rows are tagged words', async () => {
    const at = space.at;
    const { metrics: _, ...unsaid } = worth;
    prepare([{ ...unsaid, candidates: { early: { run: 'early' } } }]);
    const config = readFileSync(at.path('intents.tune.yaml'), 'utf8');
    at.write('intents.tune.yaml', config.replace('"format": "tokens",', ''));
    const run = await at.run('run', 'intents.tune.yaml', 'early');
    assert.equal(run.code, 0, run.stderr);
    const told = await at.run('evaluate', 'intents.tune.yaml', '--json');
    assert.equal(told.code, 0, told.stderr);
    // SAFETY: the fields are asserted below.
    const { candidates } = parseLines(told.stdout).at(-1) as unknown as EvaluationResult;
    assert.deepEqual(Object.keys(candidates['early'] ?? {}), ['f1', 'precision', 'recall']);
  });

  it('refuses at its place what taggers do not have', async () => {
    const at = space.at;
    prepare([
      { prompt: 'ask', template: 'Find the entities: {{ tokens }}' },
      {
        ...worth,
        candidates: { early: { run: 'early' }, asked: { model: BASE, prompt: 'ask' } },
        metrics: ['f1', 'rouge1'],
      },
    ]);
    const { code, stdout, stderr } = await at.run('evaluate', 'intents.tune.yaml');
    assert.equal(code, 1);
    const said = stdout + stderr;
    assert.match(
      said,
      /intents\.tune\.yaml:\d+:\d+: error: .*which `rouge1` does not measure\. Measure some of `f1`/,
    );
    assert.match(said, /intents\.tune\.yaml:\d+:\d+: error: A candidate with `prompt` writes its answers/);
  });
});
