import assert from 'node:assert/strict';
import { Random } from '../../random.ts';
import { runGraph } from '../../runtime/testing/run-graph.ts';
import { linearScores } from './head.ts';

describe('linearScores', () => {
  it('gives the cross entropy and the likeliest token of each target, in however many parts', async () => {
    const random = new Random(5);
    const draw = (count: number) => Float32Array.from({ length: count }, () => 2 * random.uniform() - 1);
    const [rows, width, vocab] = [5, 3, 7];
    const [hidden, weight, bias] = [draw(rows * width), draw(vocab * width), draw(vocab)];
    const labels = Int32Array.of(6, 0, 3, 3, 1);

    for (const parts of [1, 2, 4, 9]) {
      const outputs = await runGraph(
        (g) => {
          const head = {
            hidden: g.input('hidden', ['targets', width]),
            weight: g.input('weight', [vocab, width]),
            bias: g.input('bias', [vocab]),
            parts,
          };
          return linearScores(g, head, g.input('labels', ['targets'], 'int32'));
        },
        {
          hidden: { data: hidden, dims: [rows, width] },
          weight: { data: weight, dims: [vocab, width] },
          bias: { data: bias, dims: [vocab] },
          labels: { data: labels, dims: [rows] },
        },
      );
      for (let row = 0; row < rows; row++) {
        const logits = Array.from({ length: vocab }, (_, token) => {
          let sum = bias[token]!;
          for (let i = 0; i < width; i++) sum += hidden[row * width + i]! * weight[token * width + i]!;
          return sum;
        });
        const expected = Math.log(logits.reduce((sum, x) => sum + Math.exp(x), 0)) - logits[labels[row]!]!;
        assert.ok(Math.abs(Number(outputs['loss']![row]) - expected) < 1e-6, `${parts} parts, row ${row}`);
        assert.equal(outputs['prediction']![row], logits.indexOf(Math.max(...logits)));
      }
    }
  });
});
