import { readHeaders } from '../safetensors/read.ts';
import { ADAPTER_PREFIX } from './load-parameters.ts';

/** Where within a head its last layer is: the head itself, or the last of several, as RoBERTa has it. */
const LAST_LAYERS = ['weight', 'out_proj.weight'];

/**
 * How many outputs the classifier in the first folder that has one has; undefined where none has one. Reads headers only.
 * @param modules names of heads, such as `classifier`
 * @throws TunebookError those of the safetensors reader
 */
export function storedOutputs(folders: readonly string[], modules: readonly string[]): number | undefined {
  const names = modules.flatMap((module) => LAST_LAYERS.map((layer) => `${module}.${layer}`));
  for (const folder of folders) {
    for (const { tensors } of readHeaders(folder)) {
      for (const name of names) {
        const weight = tensors.get(name) ?? tensors.get(ADAPTER_PREFIX + name);
        if (weight?.shape.length === 2) return weight.shape[0];
      }
    }
  }
  return undefined;
}
