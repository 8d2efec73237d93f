import assert from 'node:assert/strict';
import fc from 'fast-check';
import { longestCommonSubsequence } from './common-subsequence.ts';
import { scoreTexts, TEXT_METRICS } from './text-metrics.ts';

const text = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.lorem({ maxCount: 20 }));

/** The textbook's table. */
function tableOf(a: readonly string[], b: readonly string[]): number {
  let before = new Array<number>(b.length + 1).fill(0);
  for (const item of a) {
    const row = [0];
    b.forEach((other, j) => {
      row.push(item === other ? (before[j] ?? 0) + 1 : Math.max(before[j + 1] ?? 0, row[j] ?? 0));
    });
    before = row;
  }
  return before.at(-1) ?? 0;
}

describe('text metrics', () => {
  it('lie between 0 and their largest value, and a text is its own best answer', () => {
    fc.assert(
      fc.property(text, text, (output, reference) => {
        for (const metric of Object.values(TEXT_METRICS)) {
          const own = metric.statistics(output, [reference]);
          assert.equal(own.length, metric.size);
          const score = metric.score(own);
          assert.ok(score >= 0 && score <= metric.largest * (1 + 1e-12), String(score));
          assert.ok(metric.score(metric.statistics(reference, [reference])) >= score - 1e-9 || score === 0);
        }
      }),
    );
  });

  it('of one example are those of a corpus of one, but for BLEU of a short output', () => {
    fc.assert(
      fc.property(text, text, (output, reference) => {
        for (const [name, metric] of Object.entries(TEXT_METRICS)) {
          if (name === 'bleu') continue;
          assert.equal(
            scoreTexts(metric, [output], [[reference]]),
            metric.score(metric.statistics(output, [reference])),
          );
        }
      }),
    );
  });

  it('have no value without examples', () =>
    assert.ok(Number.isNaN(scoreTexts(TEXT_METRICS.rougeL, [], []))));

  it('take an output of a megabyte', () => {
    const long = 'lorem ipsum dolor sit amet '.repeat(40_000);
    for (const name of ['token_f1', 'rougeL', 'bleu'] as const) {
      const metric = TEXT_METRICS[name];
      const score = metric.score(metric.statistics(long, ['ipsum sit lorem']));
      assert.ok(score >= 0 && score < metric.largest / 10);
    }
  });
});

describe('longestCommonSubsequence', () => {
  it('is that of the table', () => {
    const items = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 100 });
    fc.assert(
      fc.property(items, items, (a, b) => assert.equal(longestCommonSubsequence(a, b), tableOf(a, b))),
    );
  });
});
