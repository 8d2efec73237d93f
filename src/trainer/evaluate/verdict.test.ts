import assert from 'node:assert/strict';
import type { PairComparison } from '../../protocol/evaluation.ts';
import { writeVerdict, type Findings } from './verdict.ts';

/** `[a, b, difference, interval, pAdjusted, smallest difference]` */
type PairRow = [string, string, number, [number, number], number, number | null];

/** Findings on one metric, or on several where `values` gives them all. */
function findings(
  n: number,
  values: Record<string, number>,
  rows: readonly PairRow[] = [],
  metric = 'accuracy',
): Findings {
  return {
    candidates: Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        { [metric]: { value, ci: [value - 0.03, value + 0.02], n } },
      ]),
    ),
    pairs: rows.map(([a, b, difference, ci, pAdjusted, smallestDifference]): PairComparison => {
      return { a, b, metric, difference, ci, p: pAdjusted, pAdjusted, test: '', smallestDifference };
    }),
  };
}

const GOLDEN: [name: string, findings: Findings, sentence: string][] = [
  [
    'the later candidate is better',
    findings(800, { prompted: 0.871, tuned: 0.913 }, [
      ['prompted', 'tuned', 0.042, [0.021, 0.063], 0.0001, 0.015],
    ]),
    'tuned beats prompted by 4.2 points of accuracy (95 % CI 2.1 to 6.3, n = 800)',
  ],
  [
    'the earlier candidate is better: the interval turns around',
    findings(800, { prompted: 0.913, tuned: 0.871 }, [
      ['prompted', 'tuned', -0.042, [-0.063, -0.021], 0.0001, 0.015],
    ]),
    'prompted beats tuned by 4.2 points of accuracy (95 % CI 2.1 to 6.3, n = 800)',
  ],
  [
    'no difference of two',
    findings(100, { a: 0.8, b: 0.83 }, [['a', 'b', 0.03, [-0.05, 0.11], 0.6, 0.09]]),
    'no difference between a and b could be shown; with n = 100 only differences of 9.0 points of accuracy or more would',
  ],
  [
    'far too few examples',
    findings(5, { a: 0.2, b: 0.8 }, [['a', 'b', 0.6, [-0.1, 0.9], 0.25, null]]),
    'no difference between a and b could be shown; n = 5 is too few to show any',
  ],
  [
    'the same answers',
    findings(300, { a: 0.8, b: 0.8 }, [['a', 'b', 0, [-0.013, 0.013], 1, 0.02]]),
    'no difference between a and b could be shown; with n = 300 only differences of 2.0 points of accuracy or more would',
  ],
  [
    'three, and the best beats both',
    findings(300, { base: 0.05, lora: 0.85, full: 0.93 }, [
      ['base', 'lora', 0.8, [0.75, 0.85], 0.0001, 0.05],
      ['base', 'full', 0.88, [0.83, 0.92], 0.0001, 0.05],
      ['lora', 'full', 0.08, [0.04, 0.12], 0.001, 0.03],
    ]),
    'full beats base by 88.0 points of accuracy (95 % CI 83.0 to 92.0, n = 300) and lora by 8.0 (95 % CI 4.0 to 12.0)',
  ],
  [
    'three, and two of them may be equally good',
    findings(300, { base: 0.05, lora: 0.92, full: 0.93 }, [
      ['base', 'lora', 0.87, [0.82, 0.91], 0.0001, 0.05],
      ['base', 'full', 0.88, [0.83, 0.92], 0.0001, 0.05],
      ['lora', 'full', 0.01, [-0.02, 0.04], 0.6, 0.03],
    ]),
    'full beats base by 88.0 points of accuracy (95 % CI 83.0 to 92.0, n = 300); ' +
      'no difference between full and lora could be shown: with n = 300 only differences of 3.0 points of accuracy or more would',
  ],
  [
    'four, and the best beats one',
    findings(300, { base: 0.05, lora: 0.92, full: 0.93, distilled: 0.91 }, [
      ['base', 'lora', 0.87, [0.82, 0.91], 0.0001, 0.05],
      ['base', 'full', 0.88, [0.83, 0.92], 0.0001, 0.05],
      ['lora', 'full', 0.01, [-0.02, 0.04], 0.6, 0.03],
      ['base', 'distilled', 0.86, [0.81, 0.9], 0.0001, 0.05],
      ['lora', 'distilled', -0.01, [-0.04, 0.02], 0.6, 0.03],
      ['full', 'distilled', -0.02, [-0.05, 0.01], 0.3, 0.035],
    ]),
    'full beats base by 88.0 points of accuracy (95 % CI 83.0 to 92.0, n = 300); ' +
      'no difference between full and either of lora and distilled could be shown: ' +
      'with n = 300 only differences of 3.5 points of accuracy or more would',
  ],
  [
    'three, and nothing can be shown',
    findings(100, { a: 0.8, b: 0.82, c: 0.81 }, [
      ['a', 'b', 0.02, [-0.05, 0.09], 1, 0.08],
      ['a', 'c', 0.01, [-0.06, 0.08], 1, 0.12],
      ['b', 'c', -0.01, [-0.08, 0.06], 1, 0.09],
    ]),
    'no difference between a, b and c could be shown; with n = 100 only differences of 12.0 points of accuracy or more would',
  ],
  [
    'three, and only a difference between the other two can be shown',
    findings(100, { a: 0.8, b: 0.86, c: 0.85 }, [
      ['a', 'b', 0.06, [-0.01, 0.13], 0.08, 0.07],
      ['a', 'c', 0.05, [0.02, 0.08], 0.03, 0.04],
      ['b', 'c', -0.01, [-0.08, 0.06], 0.9, 0.09],
    ]),
    'no difference between b and either of a and c could be shown; ' +
      'with n = 100 only differences of 9.0 points of accuracy or more would; ' +
      'c beats a by 5.0 points of accuracy (95 % CI 2.0 to 8.0, n = 100)',
  ],
  [
    'macro-F1 is what was asked for first',
    findings(800, { a: 0.5, b: 0.6 }, [['a', 'b', 0.1, [0.05, 0.15], 0.001, 0.04]], 'macro_f1'),
    'b beats a by 10.0 points of macro-F1 (95 % CI 5.0 to 15.0, n = 800)',
  ],
  [
    'a difference too small for one decimal is not called 0.0',
    findings(200_000, { a: 0.9, b: 0.9003 }, [['a', 'b', 0.0003, [0.0001, 0.0005], 0.01, 0.0002]]),
    'b beats a by 0.03 points of accuracy (95 % CI 0.01 to 0.1, n = 200000)',
  ],
  [
    'one candidate',
    findings(300, { tuned: 0.91 }),
    'tuned has an accuracy of 91.0 % (95 % CI 88.0 to 93.0, n = 300)',
  ],
  [
    'one candidate on macro-F1',
    findings(300, { tuned: 0.91 }, [], 'macro_f1'),
    'tuned has a macro-F1 of 91.0 % (95 % CI 88.0 to 93.0, n = 300)',
  ],
  [
    'nothing but time was measured',
    findings(300, { tuned: 4.81, prompted: 1210 }, [], 'latency'),
    'tuned takes 4.81 ms an example and prompted takes 1,210 ms an example',
  ],
];

describe('the verdict', () => {
  for (const [name, made, sentence] of GOLDEN) {
    it(name, () => assert.equal(writeVerdict(made), sentence));
  }

  it('goes by the corrected p alone', () => {
    const pair = findings(100, { a: 0.8, b: 0.9 }, [['a', 'b', 0.1, [0.01, 0.19], 0.06, 0.11]]);
    for (const single of pair.pairs) single.p = 0.02;
    assert.match(writeVerdict(pair), /^no difference/);
  });
});
