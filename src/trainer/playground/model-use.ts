import { TunebookError } from '../../protocol/error.ts';
import { inspectModel } from '../checkpoint/inspect-model.ts';
import { readModelFolder } from '../checkpoint/model-folder.ts';
import { familyOf } from '../models/config.ts';

/** What a model folder is asked for: to go on with a text, or for labels of a text. */
export type ModelUse = 'causal' | 'classifier';

/**
 * Finds out what a model was made for: an adapter says it in `task_type`, a model in `architectures`; where neither does, one that can
 * write is meant to.
 * @throws TunebookError `playground/no-answers` for a model of tokens or of gaps, `model/…`
 */
export function modelUse(folder: string): ModelUse {
  const { config, fields } = inspectModel(folder);
  const [architecture] = strings(fields['architectures']);
  const task = strings([readModelFolder(folder).adapter?.['task_type']])[0] ?? architecture ?? '';
  if (/SEQ_CLS|ForSequenceClassification/.test(task)) return 'classifier';
  if (/TOKEN_CLS|ForTokenClassification|ForMaskedLM/.test(task)) throw noAnswers(folder, task);
  return familyOf(config)['text-generation'] ? 'causal' : 'classifier';
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}

function noAnswers(folder: string, task: string): TunebookError {
  return new TunebookError(
    'playground/no-answers',
    `The model in ${folder} (${task}) labels or fills in single tokens, which the playground does not show.`,
    { hint: 'Take a model that generates text, or one that was trained to classify.' },
  );
}
