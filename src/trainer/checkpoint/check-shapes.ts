import { CPU_LOWERING } from '../graph/graph.ts';
import type { ModelConfig } from '../models/config.ts';
import { mayBeFresh } from '../models/family.ts';
import { buildTask, headFor, type Task } from '../models/task.ts';
import { findStored } from './load-parameters.ts';

const TASKS = ['text-classification', 'text-generation', 'fill-mask'] as const;

/**
 * Sees to it that the weights in a folder have the shapes that its config asks for, whatever the model is for: reads headers only. A
 * head that a task brings is not looked at, as the data decide how large it is.
 * @throws TunebookError `model/shape-mismatch`, and those of the safetensors reader
 */
export function checkShapes(folder: string, config: ModelConfig): void {
  for (const kind of TASKS) {
    const task: Task = kind === 'text-classification' ? { kind, numLabels: 1 } : { kind };
    const head = headFor(config, task);
    if (!head) continue;
    const { builder } = buildTask(config, task, { training: false, lowering: CPU_LOWERING });
    findStored(
      [...builder.parameters.values()].filter(({ name }) => !mayBeFresh(head, name)),
      folder,
    );
  }
}
