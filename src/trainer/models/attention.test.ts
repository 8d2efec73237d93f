import assert from 'node:assert/strict';
import type { Graph } from '../graph/graph.ts';
import type { MakeCase } from '../graph/ops/testing/op-case.ts';
import { drawCase } from '../graph/ops/testing/op-case.ts';
import { collate } from '../loop/collate.ts';
import { Random } from '../random.ts';
import { compareGradients } from '../runtime/testing/difference.ts';
import { runGraph, float32 } from '../runtime/testing/run-graph.ts';
import { attention, attentionLayout } from './attention.ts';
import { declareBatch, type BatchInputs } from './batch-inputs.ts';
import { ModelBuilder } from './builder.ts';

const HEADS = 2;
const HEAD = 3;
const WIDTH = HEADS * HEAD;

/** The batch tables of rows of the given lengths, as the loop makes them. */
function tables(lengths: readonly number[]) {
  const offsets = Int32Array.from([0, ...lengths]).map((_, i) =>
    lengths.slice(0, i).reduce((a, b) => a + b, 0),
  );
  const total = offsets.at(-1) ?? 0;
  return collate({ input_ids: new Int32Array(total), offsets }, [...lengths.keys()]);
}

function buildAttention(g: Graph, given?: BatchInputs) {
  const builder = new ModelBuilder(g, { training: false });
  const layout = attentionLayout(builder, given ?? declareBatch(builder), { heads: HEADS });
  return (query: Parameters<typeof attention>[2]['query'], key: typeof query, value: typeof query) =>
    attention(builder, layout, { query, key, value, dropout: 0 });
}

describe('attention', () => {
  it('is softmax(q · kᵀ / √head) · v within each sequence, whatever padding stands beside it', async () => {
    const lengths = [4, 1, 3];
    const tokens = 8;
    const random = new Random(3);
    const draw = () => Array.from({ length: tokens * WIDTH }, () => 4 * random.uniform() - 2);
    const [q, k, v] = [draw(), draw(), draw()];
    const { context } = await runGraph(
      (g) => {
        const build = buildAttention(g);
        const input = (name: string) => g.input(name, ['tokens', WIDTH]);
        return { context: build(input('q'), input('k'), input('v')) };
      },
      {
        ...Object.fromEntries(
          Object.entries(tables(lengths)).filter(([name]) =>
            ['pad_index', 'attention_mask', 'sequence_ids', 'position_ids'].includes(name),
          ),
        ),
        input_ids: tables(lengths)['input_ids']!,
        q: float32(q, [tokens, WIDTH]),
        k: float32(k, [tokens, WIDTH]),
        v: float32(v, [tokens, WIDTH]),
      },
    );
    let first = 0;
    for (const length of lengths) {
      for (let i = first; i < first + length; i++) {
        for (let h = 0; h < HEADS; h++) {
          const at = (x: number[], token: number, c: number) => x[token * WIDTH + h * HEAD + c]!;
          const scores = Array.from(
            { length },
            (_, j) =>
              [0, 1, 2].reduce((sum, c) => sum + at(q, i, c) * at(k, first + j, c), 0) / Math.sqrt(HEAD),
          );
          const exps = scores.map(Math.exp);
          const total = exps.reduce((a, b) => a + b);
          for (let c = 0; c < HEAD; c++) {
            const expected = exps.reduce((sum, e, j) => sum + (e / total) * at(v, first + j, c), 0);
            const made = context![i * WIDTH + h * HEAD + c]!;
            assert.ok(Math.abs(made - expected) < 2e-6, `token ${i}, head ${h}: ${made} is not ${expected}`);
          }
        }
      }
      first += length;
    }
  });

  const ragged: MakeCase = (draw) => {
    const lengths = [draw.size(1, 4), draw.size(1, 4), draw.size(1, 4)];
    const feeds = tables(lengths);
    const [batch, seq] = feeds['pad_index']!.dims;
    Object.assign(draw.sizes, { tokens: lengths.reduce((a, b) => a + b), batch, seq });
    const given = Object.fromEntries(
      Object.entries(feeds)
        .filter(([name]) => name !== 'token_type_ids')
        .map(([name, { data, dims }]) => [
          name,
          draw.fixed(
            dims.length === 2 ? ['batch', 'seq'] : ['tokens'],
            [...data],
            data instanceof Int32Array ? 'int32' : 'float32',
          ),
        ]),
    );
    return {
      title: 'sequences of different lengths',
      inputs: {
        query: draw.floats(['tokens', WIDTH]),
        key: draw.floats(['tokens', WIDTH]),
        value: draw.floats(['tokens', WIDTH]),
        ...given,
      },
      build: (g, { query, key, value, ...batch }) =>
        // SAFETY: `given` holds what collate makes, which is a batch's inputs.
        buildAttention(g, batch as unknown as BatchInputs)(query!, key!, value!),
    };
  };

  it('has the gradients that difference quotients have, with padding', async () => {
    for (let seed = 1; seed <= 4; seed++) {
      for (const { input, index, graph, quotient, tolerance } of await compareGradients(
        drawCase(ragged, seed, 0),
      ))
        assert.ok(
          Math.abs(graph - quotient) <= tolerance,
          `seed ${seed}: the gradient of ${input}[${index}] is ${graph}, the quotient ${quotient} ± ${tolerance}`,
        );
    }
  });
});
