import { readHeaders } from '../safetensors/read.ts';
import { ADAPTER_PREFIX } from './load-parameters.ts';

/**
 * How many outputs the classifier in the first folder that has one has; undefined where none has one. Reads headers only.
 * @param modules names of heads, such as `classifier`
 * @throws TunebookError those of the safetensors reader
 */
export function storedOutputs(folders: readonly string[], modules: readonly string[]): number | undefined {
  for (const folder of folders) {
    for (const { tensors } of readHeaders(folder)) {
      for (const module of modules) {
        const weight = tensors.get(`${module}.weight`) ?? tensors.get(`${ADAPTER_PREFIX}${module}.weight`);
        if (weight?.shape.length === 2) return weight.shape[0];
      }
    }
  }
  return undefined;
}
