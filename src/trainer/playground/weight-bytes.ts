import { locateParameters, type InspectedModel } from '../checkpoint/inspect-model.ts';
import type { Task } from '../models/task.ts';

/**
 * The bytes that the weights of a model take in memory: every parameter as float32, a fresh head too.
 * @throws TunebookError `model/adapter-unsupported`, and those of the files of the weights
 */
export function weightBytes(model: Pick<InspectedModel, 'base' | 'adapter' | 'config'>, task: Task): number {
  const { inAdapter, inBase, missing } = locateParameters(model, task);
  const numbers = [...inAdapter, ...inBase, ...missing].reduce(
    (sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1),
    0,
  );
  return numbers * Float32Array.BYTES_PER_ELEMENT;
}
