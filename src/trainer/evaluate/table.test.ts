import assert from 'node:assert/strict';
import type { EvaluationResult, MetricEstimate } from '../../protocol/evaluation.ts';
import { shorten, wrap } from './columns.ts';
import { formatEvaluation } from './table.ts';

const estimate = (value: number, low: number, high: number, n = 300): MetricEstimate => {
  return { value, ci: [low, high], n };
};

const RESULT: EvaluationResult = {
  type: 'result',
  data: 'intents.test',
  candidates: {
    base: {
      accuracy: estimate(0.053, 0.033, 0.085),
      macro_f1: estimate(0.012, 0.008, 0.019),
      latency: estimate(0.482, 0.471, 0.49),
    },
    'intents-full': {
      accuracy: estimate(0.92, 0.884, 0.945),
      macro_f1: estimate(0.918, 0.88, 0.944),
      latency: estimate(1250, 1200.4, 1300),
    },
  },
  pairs: [
    {
      a: 'base',
      b: 'intents-full',
      metric: 'accuracy',
      difference: 0.867,
      ci: [0.822, 0.901],
      p: 1e-70,
      pAdjusted: 1e-70,
      test: 'mcnemar-exact',
      smallestDifference: 0.1,
    },
    {
      a: 'base',
      b: 'intents-full',
      metric: 'macro_f1',
      difference: -0.01,
      ci: [-0.05, 0.031],
      p: 0.62,
      pAdjusted: 0.62,
      test: 'permutation',
      smallestDifference: 0.1,
    },
  ],
  verdict: 'intents-full beats base by 86.7 points of accuracy (95 % CI 82.2 to 90.1, n = 300)',
  sources: {
    base: { folder: '/models/base', notes: ['its head is random.'] },
    'intents-full': { folder: '/runs/x/output', run: 'x' },
  },
};

describe('the table of an evaluation', () => {
  it('shows candidates, pairs, the verdict and what one must know', () => {
    assert.equal(
      formatEvaluation(RESULT),
      `
intents.test, 300 examples, each interval 95 %

              accuracy               macro-F1               latency
base           5.3 % (3.3 to 8.5)     1.2 % (0.8 to 1.9)    0.482 ms (0.471 to 0.49)
intents-full  92.0 % (88.4 to 94.5)  91.8 % (88.0 to 94.4)  1,250 ms (1,200 to 1,300)

                     metric    difference                   p
intents-full − base  accuracy  +86.7 points (82.2 to 90.1)  < 0.001
intents-full − base  macro-F1   -1.0 points (-5.0 to 3.1)     0.620

intents-full beats base by 86.7 points of accuracy (95 % CI 82.2 to 90.1, n = 300).

base: its head is random.
`.trim(),
    );
  });

  it('says when p is corrected', () => {
    const [first, second] = RESULT.pairs;
    const pairs = [first!, { ...second!, metric: 'accuracy', pAdjusted: 1 }];
    assert.match(formatEvaluation({ ...RESULT, pairs }), /difference +p \(Holm\)\n/);
  });

  it('has no table of pairs for one candidate, and a singular', () => {
    const one = formatEvaluation({
      type: 'result',
      data: 'intents.test',
      candidates: { tuned: { accuracy: estimate(1, 0.2, 1, 1) } },
      pairs: [],
      verdict: 'tuned has an accuracy of 100.0 % (95 % CI 20.0 to 100.0, n = 1)',
    });
    assert.equal(
      one,
      `
intents.test, 1 example, each interval 95 %

       accuracy
tuned  100.0 % (20.0 to 100.0)

tuned has an accuracy of 100.0 % (95 % CI 20.0 to 100.0, n = 1).
`.trim(),
    );
  });

  it('stays under 100 columns with the longest names and every metric', () => {
    const long = (end: string) => `a-candidate-with-a-name-that-nobody-would-type-${end}`;
    const metrics = {
      accuracy: estimate(1, 0.987, 1),
      macro_f1: estimate(1, 0.987, 1),
      latency: estimate(12345, 12000, 13000),
      latency_p95: estimate(22345, 22000, 23000),
    };
    const pair = { ...RESULT.pairs[0]!, a: long('one'), b: long('two'), difference: -1 };
    const text = formatEvaluation({
      ...RESULT,
      candidates: { [long('one')]: metrics, [long('two')]: metrics },
      pairs: [{ ...pair, ci: [-1, -0.987], pAdjusted: 0.5 }],
      sources: {},
    });
    const lines = text.split('\n');
    for (const line of lines) assert.ok(line.length < 100, line);
    // Four metrics do not fit, so the names stand at two tables; shortened in the middle, they differ.
    assert.equal(lines.filter((line) => line.startsWith('a-candidat…-type-one  ')).length, 2);
    assert.equal(lines.filter((line) => line.startsWith('a-candidat…-type-two  ')).length, 2);
    assert.match(text, /latency p95/);
  });

  it('shortens in the middle and wraps at spaces', () => {
    assert.equal(shorten('abcdefghij', 10), 'abcdefghij');
    assert.equal(shorten('abcdefghijk', 10), 'abcde…hijk');
    assert.equal(wrap('one two three', 7), 'one two\nthree');
    assert.equal(wrap('incomprehensible to me', 5), 'incomprehensible\nto me');
    assert.equal(wrap('', 5), '');
  });
});
