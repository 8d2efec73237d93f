import { join } from 'node:path';
import { TunebookError } from '../../protocol/error.ts';
import type { InspectedModel } from '../checkpoint/inspect-model.ts';
import { labelsOf, readModelFolder } from '../checkpoint/model-folder.ts';
import { storedOutputs } from '../checkpoint/stored-outputs.ts';
import { familyOf } from '../models/config.ts';
import { PROBLEM_TYPES } from '../../language/schema/formats.ts';
import type { Task } from '../models/task.ts';

/** Tasks by PEFT's name of them, and by what ends the name of a transformers class. */
const BY_PEFT: Readonly<Record<string, Task['kind']>> = {
  SEQ_CLS: 'text-classification',
  TOKEN_CLS: 'token-classification',
  CAUSAL_LM: 'text-generation',
};
const BY_CLASS: readonly [RegExp, Task['kind']][] = [
  [/ForSequenceClassification$/, 'text-classification'],
  [/ForTokenClassification$/, 'token-classification'],
  [/ForMaskedLM$/, 'fill-mask'],
  [/ForCausalLM$|LMHeadModel$/, 'text-generation'],
];

/**
 * What the model that an adapter makes is for, and its labels: by the adapter's `task_type`, else by the class that `config.json` names.
 * @throws TunebookError `export/unknown-task`
 */
export function taskOf(model: InspectedModel, folder: string): { task: Task; labels: string[] } {
  const { fields, config, base } = model;
  const kind = kindOf(folder, fields);
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

function kindOf(folder: string, fields: InspectedModel['fields']): Task['kind'] | undefined {
  const named = BY_PEFT[String(readModelFolder(folder).adapter?.['task_type'])];
  if (named) return named;
  const architectures: unknown[] = Array.isArray(fields['architectures']) ? fields['architectures'] : [];
  const [name] = architectures;
  return typeof name === 'string' ? BY_CLASS.find(([pattern]) => pattern.test(name))?.[1] : undefined;
}
