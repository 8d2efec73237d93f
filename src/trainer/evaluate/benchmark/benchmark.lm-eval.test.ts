import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../../runs/testing/fixtures.ts';
import { scoreChoice } from '../written/score-choice.ts';
import { askedBy } from './apply.ts';
import { makeExactMatch } from './exact-match.ts';
import { readBenchmark } from './read-benchmark.ts';
import { readBenchmarkRows } from './read-rows.ts';

interface MadeRow {
  context: string;
  /** Of multiple choice. */
  continuations?: string[];
  target?: string;
  until?: { until: string[]; max_gen_toks: number };
  scored: ({ sums?: number[]; output?: string } & Record<string, unknown>)[];
}

const FOLDER = join(import.meta.dirname, '../../../../test/fixtures/benchmarks');

/** What lm-evaluation-harness says: a file of python/make_benchmark_fixtures.py. */
function made(name: string): MadeRow[] {
  // SAFETY: the script wrote the file, and the type above names its fields.
  return (JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as { rows: MadeRow[] }).rows;
}

describe('a benchmark asks and counts as lm-evaluation-harness', () => {
  const folder = temporaryFolder();

  const read = async (name: string) => {
    const rows = readFileSync(join(FOLDER, `${name}.jsonl`), 'utf8')
      .trimEnd()
      .split('\n');
    const [test, train] = [`${name}.jsonl`, `${name}-train.jsonl`].map((file) => join(folder.path, file));
    copyFileSync(join(FOLDER, `${name}.jsonl`), test!);
    writeFileSync(train!, [...rows].reverse().join('\n'));
    const benchmark = readBenchmark(join(FOLDER, `${name}.yaml`));
    const dataset = {
      name,
      file: 'test.tune.yaml',
      files: { test: [test!], train: [train!] },
      format: 'auto' as const,
      columns: {},
    };
    const { list } = await readBenchmarkRows(
      benchmark,
      { dataset, split: 'test' },
      new AbortController().signal,
    );
    return { benchmark, list };
  };

  for (const name of ['arc', 'fixed', 'labels']) {
    it(`${name}: contexts, continuations, acc, acc_norm and acc_bytes`, async () => {
      const { list } = await read(name);
      const theirs = made(name);
      assert.equal(list.length, theirs.length);
      for (const [row, { context, continuations = [], scored }] of theirs.entries()) {
        const { prompt, choices = [], gold = [], delimiter } = list[row]!;
        assert.deepEqual(prompt, { text: context });
        assert.deepEqual(
          choices.map((choice) => `${delimiter}${choice}`),
          continuations,
        );
        for (const { sums = [], ...counts } of scored) {
          const ours: Record<string, number> = scoreChoice(sums, choices, gold);
          for (const [metric, value] of Object.entries(counts))
            assert.equal(ours[metric], value, `row ${row}, ${metric} of ${sums.join()}`);
        }
      }
    });
  }

  it('sums: contexts, stop strings, and exact_match with all that it ignores', async () => {
    const { benchmark, list } = await read('sums');
    const exactMatch = makeExactMatch(benchmark);
    const { generation } = askedBy(benchmark, { model: 'base' });
    for (const [row, { context, target, until, scored }] of made('sums').entries()) {
      assert.deepEqual(list[row]!.prompt, { text: context });
      assert.equal(list[row]!.reference, target);
      assert.deepEqual(generation?.stop_strings, until?.until);
      assert.equal(generation?.max_new_tokens, until?.max_gen_toks);
      for (const { output = '', exact_match } of scored)
        assert.equal(exactMatch(output, target!), exact_match, `${output} for ${target}`);
    }
  });
});
