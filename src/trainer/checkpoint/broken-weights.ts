import type { Parameter } from '../models/parameter.ts';
import { readTensors } from '../safetensors/read.ts';
import { matchStored } from './load-parameters.ts';

/** A stored tensor that holds what is no number. */
export interface BrokenTensor {
  readonly folder: string;
  /** Its name in the file. */
  readonly name: string;
  readonly value: number;
}

/**
 * The first tensor of a model's files that holds NaN or an infinity. Reads every weight, one tensor at a time: for when something has gone
 * wrong already.
 * @throws TunebookError those of the safetensors reader
 */
export function findBroken(
  parameters: readonly Parameter[],
  folders: readonly string[],
): BrokenTensor | undefined {
  for (const folder of folders) {
    for (const name of matchStored(parameters, folder).found.keys()) {
      const value = readTensors(folder, [name])
        .get(name)!
        .data.find((each) => !Number.isFinite(each));
      if (value !== undefined) return { folder, name, value };
    }
  }
  return undefined;
}
