import { join } from 'node:path';
import { TunebookError } from '../../protocol/error.ts';
import type { InspectedModel } from '../checkpoint/inspect-model.ts';
import { madeFor } from '../checkpoint/made-for.ts';
import { labelsOf } from '../checkpoint/model-folder.ts';
import { storedOutputs } from '../checkpoint/stored-outputs.ts';
import { familyOf } from '../models/config.ts';
import { PROBLEM_TYPES } from '../../language/schema/formats.ts';
import type { Task } from '../models/task.ts';

/**
 * What the model that an adapter makes is for, and its labels: by the adapter's `task_type`, else by the class that `config.json` names.
 * @throws TunebookError `export/unknown-task`
 */
export function taskOf(model: InspectedModel, folder: string): { task: Task; labels: string[] } {
  const { fields, config, base } = model;
  const kind = madeFor(folder, fields);
  const head = kind && familyOf(config)[kind];
  if (kind === undefined || !head)
    throw new TunebookError(
      'export/unknown-task',
      `Nothing in ${folder} says what its model is for, so it is not known which head belongs to it.`,
      {
        hint: '`task_type` in adapter_config.json says it, or `architectures` in config.json.',
        location: { file: join(folder, 'adapter_config.json') },
      },
    );
  if (kind === 'fill-mask' || kind === 'text-generation') return { task: { kind }, labels: [] };
  const named = labelsOf(fields);
  const numLabels = storedOutputs([folder, base], head.modules) ?? named?.length ?? 2;
  const labels =
    named?.length === numLabels ? named : Array.from({ length: numLabels }, (_, index) => `LABEL_${index}`);
  const problemType = PROBLEM_TYPES.find((each) => each === fields['problem_type']);
  const task: Task =
    kind === 'token-classification'
      ? { kind, numLabels }
      : { kind, numLabels, ...(problemType && { problemType }) };
  return { task, labels };
}
