import assert from 'node:assert/strict';
import { Random } from '../../random.ts';
import { runGraph } from '../../runtime/testing/run-graph.ts';
import { backward } from '../backward.ts';
import { liveNodes } from '../cut.ts';
import { CPU_LOWERING, Graph, WEBGPU_LOWERING, type Lowering } from '../graph.ts';
import type { GraphNode } from '../node.ts';
import { linearCrossEntropy, linearMeanLogits, linearScores } from './head.ts';

/** A loss over three parts of the targets, with its gradients, as the nodes that are computed. */
function lossOfParts({
  trainsWeight,
  lowering = CPU_LOWERING,
  softcap,
}: {
  trainsWeight: boolean;
  lowering?: Lowering;
  softcap?: number;
}) {
  const g = new Graph(lowering);
  const hidden = g.input('hidden', ['targets', 3]);
  const weight = g.input('weight', [7, 3]);
  const head = { hidden, weight, softcap, parts: 3, trainsWeight };
  const loss = linearCrossEntropy(g, head, g.input('labels', ['targets'], 'int32'), g.input('factor', []));
  const wanted = trainsWeight ? [hidden, weight] : [hidden];
  const gradients = [...backward(g, loss, wanted).values()].flatMap(({ dense }) => (dense ? [dense] : []));
  return liveNodes(g.nodes, [loss, ...gradients]);
}

/** How many nodes of a kind come before each node of another in any order in which they may run. */
function certainlyBefore(
  nodes: readonly GraphNode[],
  first: (node: GraphNode) => boolean,
  then: string,
): number[] {
  const makers = new Map(nodes.flatMap((node) => node.outputs.map(({ name }) => [name, node])));
  const needs = (node: GraphNode, all = new Set<GraphNode>()): Set<GraphNode> => {
    for (const input of node.inputs) {
      const maker = makers.get(input);
      if (maker && !all.has(maker)) needs(maker, all.add(maker));
    }
    return all;
  };
  return nodes.filter(({ op }) => op === then).map((node) => [...needs(node)].filter(first).length);
}

const isLoss = ({ op }: GraphNode) => op === 'GatherElements';
const isWeightGradient = ({ op, attributes }: GraphNode) => op === 'Gemm' && attributes['transA'] === 1;

describe('linearCrossEntropy', () => {
  it('makes loss and gradients of a part before the logits of the next one, whatever order the runtime takes', () => {
    const nodes = lossOfParts({ trainsWeight: true });
    // Each part gathers twice: for its loss, and for its gradient.
    assert.deepEqual(certainlyBefore(nodes, isLoss, 'LogSoftmax'), [0, 2, 4]);
    assert.deepEqual(certainlyBefore(nodes, isWeightGradient, 'LogSoftmax'), [0, 1, 2]);
  });

  it('never holds all logits where they are soft-capped either', () => {
    const nodes = lossOfParts({ trainsWeight: true, softcap: 2 });
    assert.deepEqual(certainlyBefore(nodes, isLoss, 'Tanh'), [0, 2, 4]);
    assert.deepEqual(certainlyBefore(nodes, isWeightGradient, 'Tanh'), [0, 1, 2]);
    const whole = nodes.flatMap(({ outputs }) => outputs).filter(({ shape }) => shape.join() === 'targets,7');
    assert.deepEqual(whole, []);
  });

  it('makes no gradient of a frozen weight, and does not wait for one on a device of its own memory', () => {
    assert.ok(!lossOfParts({ trainsWeight: false }).some(isWeightGradient));
    const nodes = lossOfParts({ trainsWeight: true, lowering: WEBGPU_LOWERING });
    assert.deepEqual(certainlyBefore(nodes, isLoss, 'LogSoftmax'), [0, 2, 4]);
    assert.deepEqual(certainlyBefore(nodes, isWeightGradient, 'LogSoftmax'), [0, 0, 0]);
  });
});

describe('linearScores and linearMeanLogits', () => {
  for (const softcap of [undefined, 0.8])
    it(`give the cross entropy, the likeliest token and the mean logit of each target, in however many parts, ${softcap === undefined ? 'without a cap' : 'with one'}`, async () => {
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
              softcap,
              parts,
            };
            const scores = linearScores(g, head, g.input('labels', ['targets'], 'int32'));
            return { ...scores, mean: linearMeanLogits(g, head) };
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
            return softcap === undefined ? sum : softcap * Math.tanh(sum / softcap);
          });
          const expected = Math.log(logits.reduce((sum, x) => sum + Math.exp(x), 0)) - logits[labels[row]!]!;
          const mean = logits.reduce((a, b) => a + b) / vocab;
          assert.ok(Math.abs(Number(outputs['loss']![row]) - expected) < 1e-6, `${parts} parts, row ${row}`);
          assert.ok(Math.abs(Number(outputs['mean']![row]) - mean) < 1e-6, `${parts} parts, row ${row}`);
          assert.equal(outputs['prediction']![row], logits.indexOf(Math.max(...logits)));
        }
      }
    });
});
