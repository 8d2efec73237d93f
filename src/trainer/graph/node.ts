import type { Shape } from './shape.ts';

export type Dtype = 'float32' | 'float64' | 'float16' | 'bfloat16' | 'int32' | 'int64' | 'uint8' | 'bool';

/** A value in a graph: what its elements are and how they are laid out, not the elements themselves. */
export interface Tensor {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: Dtype;
}

/** ONNX attribute values. A number is written as an integer where it is one, unless wrapped as `{ float }`. */
export type AttributeValue = number | string | { readonly float: number } | readonly number[];

/** One ONNX node. An empty input name is an optional input that is left out. */
export interface GraphNode {
  readonly op: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly Tensor[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

/** A constant: small ones carry their values, large ones point into a file beside the graph. */
export interface Initializer {
  readonly tensor: Tensor;
  readonly values?: readonly number[];
  readonly external?: { readonly file: string; readonly offset: number; readonly length: number };
}

/** What is written of a graph. */
export interface EncodableGraph {
  readonly nodes: readonly GraphNode[];
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly initializers: readonly Initializer[];
}
