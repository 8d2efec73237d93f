import type { Graph, Tensor } from '../graph/graph.ts';
import { dropout } from '../graph/ops/dropout.ts';
import { addScalar } from '../graph/ops/elementwise.ts';
import { embedding } from '../graph/ops/gather.ts';
import { conv1d, linear } from '../graph/ops/matmul.ts';
import { layerNorm, rmsNorm } from '../graph/ops/normalization.ts';
import { linearNf4, NF4_BLOCK, type QuantizedWeight } from '../graph/ops/quantized.ts';
import type { Dim } from '../graph/shape.ts';
import type { Init, Parameter, ParameterRole } from './parameter.ts';

/** What a linear layer is, for those who add to it. */
export interface LinearLayer {
  /** Module name in the state dict, without `.weight`: `bert.encoder.layer.0.attention.self.query`. */
  readonly name: string;
  readonly inFeatures: number;
  readonly outFeatures: number;
  /** Whether the weight lies as `[in, out]`; PEFT calls it `fan_in_fan_out`. */
  readonly fanInFanOut?: boolean;
}

/** What the parts of a 4-bit weight are called. */
export function quantizedNames(layer: string): { packed: string; absmax: string } {
  return { packed: `${layer}.weight.nf4`, absmax: `${layer}.weight.absmax` };
}

/** Adds to the output of linear layers: LoRA and its relatives. Returns `y` itself where it has nothing to add. */
export interface LinearAdapter {
  apply(builder: ModelBuilder, layer: LinearLayer, x: Tensor, y: Tensor): Tensor;
}

export interface BuilderOptions {
  /** Dropout is on while training only. */
  readonly training: boolean;
  readonly adapter?: LinearAdapter;
  /** Whether a linear layer's weight is frozen in 4 bits. */
  readonly quantized?: (layer: LinearLayer) => boolean;
}

/**
 * Writes a model into a graph and keeps the list of its parameters. The families in this folder say what is
 * multiplied by what; this class knows how a layer is made, and is the one place where adapters join.
 */
export class ModelBuilder {
  readonly graph: Graph;
  readonly training: boolean;
  readonly parameters = new Map<string, Parameter>();
  readonly linearLayers: LinearLayer[] = [];
  readonly #adapter: LinearAdapter | undefined;
  readonly #quantized: (layer: LinearLayer) => boolean;

  constructor(graph: Graph, options: BuilderOptions) {
    this.graph = graph;
    this.training = options.training;
    this.#adapter = options.adapter;
    this.#quantized = options.quantized ?? (() => false);
  }

  /** Declares a parameter, or finds it again: a tied weight is one parameter with two uses. */
  parameter(
    name: string,
    shape: readonly number[],
    role: ParameterRole,
    init: Init,
    dtype?: Parameter['dtype'],
  ): Tensor {
    const known = this.parameters.get(name);
    if (known) return known.tensor;
    const tensor = this.graph.input(name, shape, dtype ?? 'float32');
    this.parameters.set(name, { name, shape, role, init, tensor, ...(dtype ? { dtype } : {}) });
    return tensor;
  }

  /** `x [rows, inFeatures] → [rows, outFeatures]`, with whatever the adapter adds. */
  linear(name: string, x: Tensor, outFeatures: number, init: Init, { bias = true } = {}): Tensor {
    const inFeatures = Number(x.shape[1]);
    const layer: LinearLayer = { name, inFeatures, outFeatures };
    const weight = this.#quantized(layer)
      ? this.#quantizedWeight(layer)
      : this.parameter(`${name}.weight`, [outFeatures, inFeatures], 'weight', init);
    const offset = bias ? this.#bias(layer) : undefined;
    this.linearLayers.push(layer);
    const y =
      'packed' in weight ? linearNf4(this.graph, x, weight, offset) : linear(this.graph, x, weight, offset);
    return this.#adapter ? this.#adapter.apply(this, layer, x, y) : y;
  }

  /** Like {@link linear}, with the weight the other way round: GPT-2's Conv1D. */
  conv1d(name: string, x: Tensor, outFeatures: number, init: Init): Tensor {
    const inFeatures = Number(x.shape[1]);
    const layer: LinearLayer = { name, inFeatures, outFeatures, fanInFanOut: true };
    const weight = this.#quantized(layer)
      ? this.#quantizedWeight(layer)
      : this.parameter(`${name}.weight`, [inFeatures, outFeatures], 'weight', init);
    const bias = this.#bias(layer);
    this.linearLayers.push(layer);
    const y =
      'packed' in weight ? linearNf4(this.graph, x, weight, bias) : conv1d(this.graph, x, weight, bias);
    return this.#adapter ? this.#adapter.apply(this, layer, x, y) : y;
  }

  #bias({ name, outFeatures }: LinearLayer): Tensor {
    return this.parameter(`${name}.bias`, [outFeatures], 'linear-bias', { kind: 'constant', value: 0 });
  }

  /** A weight in 4 bits, `[out, in]` whichever way round the layer has it, as bitsandbytes keeps it. */
  #quantizedWeight({ name, inFeatures, outFeatures }: LinearLayer): QuantizedWeight {
    const size = inFeatures * outFeatures;
    const none: Init = { kind: 'constant', value: 0 };
    const { packed, absmax } = quantizedNames(name);
    return {
      packed: this.parameter(packed, [size / 2], 'weight', none, 'uint8'),
      absmax: this.parameter(absmax, [size / NF4_BLOCK], 'scale', none),
      outFeatures,
      inFeatures,
    };
  }

  /** Rows of a table: `ids [rows] int32 → [rows, width]`. */
  embedding(
    name: string,
    ids: Tensor,
    size: readonly [rows: number, width: number],
    init: Init,
    firstRow = 0,
  ): Tensor {
    return embedding(this.graph, this.parameter(`${name}.weight`, size, 'embedding', init), ids, firstRow);
  }

  layerNorm(name: string, x: Tensor, eps: number): Tensor {
    const width = Number(x.shape[x.shape.length - 1]);
    const weight = this.parameter(`${name}.weight`, [width], 'norm', { kind: 'constant', value: 1 });
    const bias = this.parameter(`${name}.bias`, [width], 'bias', { kind: 'constant', value: 0 });
    return layerNorm(this.graph, x, weight, bias, eps);
  }

  /** @param offset what is added to the weight before it is multiplied by: Gemma's norms keep what they differ from one by */
  rmsNorm(name: string, x: Tensor, eps: number, offset = 0): Tensor {
    const width = Number(x.shape[x.shape.length - 1]);
    const start: Init = { kind: 'constant', value: 1 - offset };
    const weight = this.parameter(`${name}.weight`, [width], 'norm', start);
    return rmsNorm(this.graph, x, offset === 0 ? weight : addScalar(this.graph, weight, offset), eps);
  }

  dropout(x: Tensor, rate: number): Tensor {
    return this.training ? dropout(this.graph, x, rate) : x;
  }

  /**
   * Says that all that comes before reaches what comes after through `x` alone: gradient checkpointing keeps `x` and computes
   * the layers between again. Families call it before their first layer and after each.
   */
  checkpoint(x: Tensor): Tensor {
    this.graph.checkpoints.push(x);
    return x;
  }

  /** An input of integers. */
  ids(name: string, shape: readonly Dim[]): Tensor {
    return this.graph.input(name, shape, 'int32');
  }
}
