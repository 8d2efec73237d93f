import { Tensor } from 'onnxruntime-node';
import { elementCount } from '../models/parameter.ts';
import { PAIR_OUTPUTS } from '../models/task.ts';
import type { Feeds } from './feeds.ts';
import type { ModelSpec } from './model-spec.ts';

/** The names of what a step gives beside its loss and gradients. */
export function observedOutputs({ preference }: Pick<ModelSpec, 'preference'>): readonly string[] {
  return preference ? Object.values(PAIR_OUTPUTS) : [];
}

/** Memory for them on the host, for one batch. */
export function observedPlaces(spec: Pick<ModelSpec, 'preference'>, feeds: Feeds): Record<string, Tensor> {
  const place = () => {
    const { dims } = feeds['answer_lengths']!;
    return new Tensor('float32', new Float32Array(elementCount(dims)), dims);
  };
  return Object.fromEntries(observedOutputs(spec).map((name) => [name, place()]));
}

/** Takes those outputs out of all that a session gave. They come to the host. */
export function pickObserved(
  outputs: Readonly<Record<string, Tensor>>,
  names: readonly string[],
): Record<string, Float32Array> {
  // SAFETY: the graph declares them as float32.
  return Object.fromEntries(names.map((name) => [name, outputs[name]!.data as Float32Array]));
}
