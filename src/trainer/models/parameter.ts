import type { Tensor } from '../graph/graph.ts';

/** How a parameter starts when no checkpoint brings it. */
export type Init =
  | {
      readonly kind: 'normal';
      readonly std: number;
      /** A row that stays zero: the padding token. */ readonly zeroRow?: number;
    }
  /** torch.nn.init.kaiming_uniform_ with a = √5, as PEFT starts lora_A: uniform in ±1/√fanIn. */
  | { readonly kind: 'kaiming-uniform'; readonly fanIn: number }
  | { readonly kind: 'constant'; readonly value: number };

/**
 * What a parameter is for; weight decay and the storage of gradients depend on it. The bias of a linear layer is told from others: an
 * adapter may train it with its layer.
 */
export type ParameterRole = 'weight' | 'bias' | 'linear-bias' | 'norm' | 'embedding' | 'scale';

/** A weight of a model under the name that Hugging Face's state dict gives it. */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly init: Init;
  readonly role: ParameterRole;
  /** The graph's input for its values, float32. */
  readonly tensor: Tensor;
  /** Set where the values are bytes, two 4-bit weights each: they lie in a Float32Array as they are. */
  readonly dtype?: 'uint8';
}

/** True where transformers' Trainer applies weight decay: everything but biases and normalisation weights. */
export function isDecayed(parameter: Parameter): boolean {
  return parameter.role === 'weight' || parameter.role === 'embedding';
}

/** Elements of all parameters together. */
export function totalElements(parameters: readonly Parameter[]): number {
  return parameters.reduce((sum, { shape, dtype, role }) => {
    // Scales belong to weights that are counted: two in each byte.
    if (role === 'scale') return sum;
    return sum + (dtype === 'uint8' ? 2 : 1) * elementCount(shape);
  }, 0);
}

/** Bytes of the values of all parameters together. */
export function totalBytes(parameters: readonly Parameter[]): number {
  return parameters.reduce(
    (sum, { shape, dtype }) => sum + (dtype === 'uint8' ? 1 : 4) * elementCount(shape),
    0,
  );
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}
