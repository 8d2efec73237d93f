import type { Graph, Tensor } from '../graph/graph.ts';
import { rotary } from '../graph/ops/rotary.ts';
import { reshape } from '../graph/ops/shape.ts';
import { multiplyDims } from '../graph/shape.ts';
import { attention, type AttentionLayout } from './attention.ts';
import type { ModelBuilder } from './builder.ts';
import type { Init } from './parameter.ts';

/** The attention of a decoder whose positions turn queries and keys: Llama's, and that of those who followed it. */
export interface RotaryAttention {
  readonly name: string;
  /** `[tokens, width]`. */
  readonly x: Tensor;
  readonly layout: AttentionLayout;
  /** `[tokens, head / 2]` each. */
  readonly angles: { readonly cos: Tensor; readonly sin: Tensor };
  readonly heads: number;
  readonly keyValueHeads: number;
  /** Width of a head. */
  readonly head: number;
  readonly init: Init;
  /** Biases of `q_proj`, `k_proj`, `v_proj`, and of `o_proj`. */
  readonly bias: boolean;
  readonly outputBias: boolean;
  readonly dropout: number;
  readonly scaling: number;
  readonly softcap?: number | undefined;
  /** Normalises each head of queries and keys, `[tokens · heads, head]`. */
  readonly norm?: (name: string, x: Tensor) => Tensor;
}

/** Self-attention with rotary positions and shared key heads → `[tokens, width]`. */
export function rotaryAttention(b: ModelBuilder, inputs: RotaryAttention): Tensor {
  const { name, x, head, angles, init, bias, norm } = inputs;
  const project = (part: string, count: number) =>
    b.linear(`${name}.${part}_proj`, x, count * head, init, { bias });
  const turned = (part: 'q' | 'k', count: number) => {
    const projected = project(part, count);
    const heads = () => reshape(b.graph, projected, [multiplyDims('tokens', count), head]);
    const normed = norm
      ? reshape(b.graph, norm(`${name}.${part}_norm`, heads()), projected.shape)
      : projected;
    return rotary(b.graph, normed, angles.cos, angles.sin);
  };
  const context = attention(b, inputs.layout, {
    query: turned('q', inputs.heads),
    key: turned('k', inputs.keyValueHeads),
    value: project('v', inputs.keyValueHeads),
    dropout: inputs.dropout,
    scaling: inputs.scaling,
    softcap: inputs.softcap,
  });
  return b.linear(`${name}.o_proj`, context, Number(x.shape[1]), init, { bias: inputs.outputBias });
}

export interface GatedMlp {
  readonly name: string;
  /** `[tokens, width]`. */
  readonly x: Tensor;
  /** Width between the layers. */
  readonly inner: number;
  readonly init: Init;
  readonly bias: boolean;
  /** What is made of the gate and of what passes it: `swiglu`, `geglu`. */
  readonly product: (g: Graph, gate: Tensor, up: Tensor) => Tensor;
}

/** A gated feed-forward part (Shazeer 2020): `down(activation(gate(x)) · up(x))`. */
export function gatedMlp(b: ModelBuilder, { name, x, inner, init, bias, product }: GatedMlp): Tensor {
  const project = (part: string) => b.linear(`${name}.${part}`, x, inner, init, { bias });
  const gated = product(b.graph, project('gate_proj'), project('up_proj'));
  return b.linear(`${name}.down_proj`, gated, Number(x.shape[1]), init, { bias });
}
