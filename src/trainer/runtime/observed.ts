import type { Tensor } from 'onnxruntime-node';
import { PAIR_OUTPUTS } from '../models/task.ts';
import type { ModelSpec } from './model-spec.ts';

/** The names of what a step gives beside its loss and gradients. */
export function observedOutputs({ preference }: Pick<ModelSpec, 'preference'>): readonly string[] {
  return preference ? Object.values(PAIR_OUTPUTS) : [];
}

/** Takes those outputs out of all that a session gave. They come to the host. */
export function pickObserved(
  outputs: Readonly<Record<string, Tensor>>,
  names: readonly string[],
): Record<string, Float32Array> {
  // SAFETY: the graph declares them as float32.
  return Object.fromEntries(names.map((name) => [name, outputs[name]!.data as Float32Array]));
}
