import assert from 'node:assert/strict';
import { float32, int32, runGraph } from '../../runtime/testing/run-graph.ts';
import { crossEntropy } from './loss.ts';

/** The definition, in double precision: (1 − ε) · −log p[label] + ε · mean(−log p). */
function expectedLoss(logits: number[], label: number, smoothing: number): number {
  const largest = Math.max(...logits);
  const logSum = Math.log(logits.reduce((sum, x) => sum + Math.exp(x - largest), 0)) + largest;
  const surprise = logits.map((x) => logSum - x);
  return (1 - smoothing) * surprise[label]! + (smoothing * surprise.reduce((a, b) => a + b)) / logits.length;
}

async function lossesOf(rows: number[][], labels: number[], labelSmoothing: number): Promise<number[]> {
  const classes = rows[0]!.length;
  const { loss } = await runGraph(
    (g) => ({
      loss: crossEntropy(g, g.input('logits', ['rows', classes]), g.input('labels', ['rows'], 'int32'), {
        labelSmoothing,
      }),
    }),
    { logits: float32(rows.flat(), [rows.length, classes]), labels: int32(labels, [labels.length]) },
  );
  return loss!;
}

describe('crossEntropy', () => {
  const rows = [
    [0.5, -1.25, 3, 0],
    [2, 2, 2, 2],
    [-7, 4, 1, -0.5],
  ];
  for (const smoothing of [0, 0.1]) {
    it(`is its definition with label smoothing ${smoothing}`, async () => {
      const labels = [2, 0, 0];
      const losses = await lossesOf(rows, labels, smoothing);
      rows.forEach((row, i) => {
        const expected = expectedLoss(row, labels[i]!, smoothing);
        assert.ok(Math.abs(losses[i]! - expected) < 2e-6, `${losses[i]} is not ${expected}`);
      });
    });
  }

  it('stays finite where exponentials overflow', async () => {
    assert.deepEqual(await lossesOf([[1000, 0]], [1], 0), [1000]);
    assert.deepEqual(await lossesOf([[-1000, 0]], [1], 0), [0]);
  });

  it('is not a number where a logit is none: nothing hides it', async () => {
    assert.ok(Number.isNaN((await lossesOf([[NaN, 0]], [1], 0))[0]));
  });
});
