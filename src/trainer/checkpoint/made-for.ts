import type { Task } from '../models/task.ts';
import { readModelFolder } from './model-folder.ts';

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
 * What the model in a folder was made for: an adapter says it in `task_type`, a model by the class that `config.json` names; undefined where
 * neither does.
 * @param fields of the nearest `config.json`
 */
export function madeFor(folder: string, fields: Readonly<Record<string, unknown>>): Task['kind'] | undefined {
  const named = BY_PEFT[String(readModelFolder(folder).adapter?.['task_type'])];
  if (named) return named;
  const architectures: unknown[] = Array.isArray(fields['architectures']) ? fields['architectures'] : [];
  const [name] = architectures;
  return typeof name === 'string' ? BY_CLASS.find(([pattern]) => pattern.test(name))?.[1] : undefined;
}
