import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { temporaryFolder } from '../../../../runs/testing/fixtures.ts';
import { answer, record } from '../testing/records.ts';
import { toCsv } from './csv.ts';
import type { Exported } from './exported.ts';
import { toHtml } from './html.ts';
import { toJsonl } from './jsonl.ts';
import { toLmEval } from './lm-eval.ts';
import { toPromptfoo } from './promptfoo.ts';
import { writeExport } from './write.ts';

const UGLY = 'a "quoted", comma\nand <b>markup</b> — ü 😀';

const exported: Exported = {
  name: 'is it worth it?',
  runId: '20260101T000000Z-x-ab12',
  candidates: ['base', 'tuned'],
  isPart: false,
  result: {
    type: 'result',
    data: 'd.test',
    candidates: {
      base: { accuracy: { value: 0.5, ci: [0.1, 0.9], n: 2 } },
      tuned: { accuracy: { value: 1, ci: [0.3, 1], n: 2 } },
    },
    pairs: [
      {
        a: 'base',
        b: 'tuned',
        metric: 'accuracy',
        difference: 0.5,
        ci: [-0.2, 0.9],
        p: 0.5,
        pAdjusted: 0.5,
        test: 'mcnemar-exact',
        smallestDifference: null,
      },
    ],
    verdict: 'no difference between base and tuned could be shown; n = 2 is too few to show any',
  },
  rows: [
    record(
      0,
      { base: answer(UGLY, false), tuned: answer('yes', true, { scores: { token_f1: 1 }, cost: 0.01 }) },
      { input: UGLY },
    ),
    record(1, { base: answer('', false) }),
  ],
};

const text = (pieces: Iterable<string>) => [...pieces].join('');

describe('compare: export', () => {
  const folder = temporaryFolder();

  it('CSV is read back by another reader, quotes and line breaks included', () => {
    const rows: string[][] = parse(text(toCsv(exported)));
    assert.deepEqual(rows[0]?.slice(0, 6), [
      'index',
      'source',
      'input',
      'reference',
      'base.output',
      'base.correct',
    ]);
    assert.deepEqual(rows[1]?.slice(2, 6), [UGLY, 'yes', UGLY, 'false']);
    assert.deepEqual(rows[2]?.slice(-5), ['', '', '', '', ''], 'What was not answered is empty.');
  });

  it('JSON Lines are the records', () => {
    const lines = text(toJsonl(exported)).trimEnd().split('\n');
    assert.deepEqual(
      lines.map((line): unknown => JSON.parse(line)),
      [...exported.rows],
    );
  });

  it('HTML stands alone, and no text of the data becomes markup', () => {
    const html = text(toHtml(exported));
    assert.ok(!/<script|<link|<img|https?:/.test(html));
    assert.ok(html.includes('&lt;b&gt;markup&lt;/b&gt;') && !html.includes('<b>markup'));
    assert.match(html, /no difference between base and tuned could be shown/);
    assert.match(html, /50\.0 % <span class="small">\(10\.0 to 90\.0\)/);
  });

  it("promptfoo's results have a result for each candidate and row, and counts that add up", () => {
    // SAFETY: a test looks at the fields that it names.
    const file = JSON.parse(text(toPromptfoo(exported))) as {
      evalId: string;
      results: {
        version: number;
        prompts: { provider: string }[];
        results: {
          success: boolean;
          score: number;
          testIdx: number;
          promptIdx: number;
          response?: { output: string };
          vars: object;
          namedScores: object;
        }[];
        stats: { successes: number; failures: number; errors: number };
      };
    };
    assert.equal(file.evalId, exported.runId);
    assert.equal(file.results.version, 3);
    assert.deepEqual(
      file.results.stats.successes + file.results.stats.failures + file.results.stats.errors,
      4,
    );
    const [first, second] = file.results.results;
    assert.deepEqual(
      [first?.success, first?.response?.output, first?.vars],
      [false, UGLY, { input: UGLY, reference: 'yes' }],
    );
    assert.deepEqual([second?.promptIdx, second?.score, second?.namedScores], [1, 1, { token_f1: 1 }]);
  });

  it("lm-eval's results and samples, one folder a candidate", () => {
    const files = toLmEval(exported, new Date('2026-01-02T03:04:05.678Z'));
    assert.deepEqual(
      files.map(({ path }) => path),
      [
        'base/results_2026-01-02T03-04-05.678.json',
        'base/samples_is_it_worth_it__2026-01-02T03-04-05.678.jsonl',
        'tuned/results_2026-01-02T03-04-05.678.json',
        'tuned/samples_is_it_worth_it__2026-01-02T03-04-05.678.jsonl',
      ],
    );
    // SAFETY: a test looks at the fields that it names.
    const results = JSON.parse(text(files[0]?.content() ?? [])) as {
      results: Record<string, Record<string, number>>;
    };
    assert.equal(results.results['is_it_worth_it_']?.['acc,none'], 0.5);
    const samples = text(files[3]?.content() ?? [])
      .trimEnd()
      .split('\n');
    assert.equal(samples.length, 1);
    // SAFETY: as above.
    const sample = JSON.parse(samples[0] ?? '') as {
      doc_id: number;
      target: string;
      resps: string[][];
      acc: number;
    };
    assert.deepEqual([sample.doc_id, sample.target, sample.resps, sample.acc], [0, 'yes', [['yes']], 1]);
  });

  it('a file that cannot be written whole is not there', async () => {
    const path = join(folder.path, 'deep', 'out.txt');
    await writeExport(path, ['one\n', 'two\n']);
    assert.equal(readFileSync(path, 'utf8'), 'one\ntwo\n');
    const failing = function* () {
      yield 'x'.repeat(300_000);
      throw new Error('the records are gone');
    };
    const other = join(folder.path, 'other.txt');
    await assert.rejects(writeExport(other, failing()), /records are gone/);
    assert.deepEqual([existsSync(other), existsSync(`${other}.partial`)], [false, false]);
  });
});
