import { join } from 'node:path';
import { TunebookError } from '../../protocol/error.ts';
import {
  checkMissing,
  inspectModel,
  loadModel,
  locateParameters,
  type InspectedModel,
} from '../checkpoint/inspect-model.ts';
import { madeFor } from '../checkpoint/made-for.ts';
import { labelsOf } from '../checkpoint/model-folder.ts';
import { storedOutputs } from '../checkpoint/stored-outputs.ts';
import { list } from '../data/problem.ts';
import { familyOf } from '../models/config.ts';
import type { Head as TaskHead } from '../models/family.ts';
import type { Parameter } from '../models/parameter.ts';
import type { ForwardSpec } from '../runtime/predictor.ts';
import type { Head } from './labels.ts';

/** What is classified: whole texts, or each word of them. */
export type ClassifierTask = 'text-classification' | 'token-classification';

/** A model folder that can classify: what its files say, without the weights. */
export interface Classifier extends InspectedModel {
  readonly task: ClassifierTask;
  readonly head: Head;
}

/** Where a random head comes from: the same in every evaluation. */
const HEAD_SEED = 42;

/**
 * Reads what a folder says about the model in it, and whether its weights are whole: a classifier, a PEFT adapter of one, or a
 * model without a classifier, which gets a random one.
 * @throws TunebookError `evaluate/other-task`, `model/…`, `safetensors/…`, `tokenizer/…`
 */
export function inspectClassifier(folder: string, task: ClassifierTask = 'text-classification'): Classifier {
  const model = inspectModel(folder);
  const { base, adapter, config, fields } = model;
  checkTask(folder, fields, task);
  const classification = familyOf(config)[task];
  if (!classification) throw noHead(folder, config.model_type, task);
  const outputs = storedOutputs(adapter ? [folder, base] : [base], classification.modules);
  const { missing } = locateParameters(model, { kind: task, numLabels: outputs ?? 2 });
  checkMissing(missing, outputs === undefined ? classification : undefined, base);
  if (outputs === undefined)
    return { ...model, task, head: { kind: 'random', modules: modulesOf(missing, classification) } };
  return { ...model, task, head: readHead(labelsOf(fields), outputs, join(folder, 'config.json')) };
}

/**
 * Reads the weights.
 * @param numLabels outputs of the classifier
 * @returns what a predictor is made of
 */
export function loadClassifier(
  classifier: Classifier,
  numLabels: number,
): { spec: ForwardSpec; values: Map<string, Float32Array> } {
  return loadModel(classifier, { kind: classifier.task, numLabels }, HEAD_SEED);
}

const WHAT: Record<ClassifierTask, { gives: string; rows: string }> = {
  'text-classification': { gives: 'a label to a whole text', rows: 'a label for each text' },
  'token-classification': { gives: 'a tag to each word', rows: 'a tag for each word (format "tokens")' },
};

/** The heads of both tasks may have the same names and shapes: what a model was made for must be asked. */
function checkTask(folder: string, fields: InspectedModel['fields'], task: ClassifierTask): void {
  const own = madeFor(folder, fields);
  if (own === task || (own !== 'text-classification' && own !== 'token-classification')) return;
  throw new TunebookError(
    'evaluate/other-task',
    `The model in ${folder} gives ${WHAT[own].gives} (task ${own}), but the rows have ${WHAT[task].rows}.`,
    {
      hint: `Give a model that was trained for ${task}, or evaluate this one on rows with ${WHAT[own].rows}.`,
      location: { file: join(folder, 'config.json') },
    },
  );
}

function noHead(folder: string, family: string, task: ClassifierTask): TunebookError {
  return new TunebookError(
    'model/no-head',
    `Models of type ${family}, as that in ${folder}, have no head for ${task}.`,
    { hint: 'Take a model of another family.', location: { file: join(folder, 'config.json') } },
  );
}

function readHead(labels: readonly string[] | undefined, outputs: number, file: string): Head {
  if (!labels || labels.every((label) => /^LABEL_\d+$/.test(label)))
    return { kind: 'unnamed', count: outputs };
  const different = new Set(labels).size;
  if (labels.length === outputs && different === outputs) return { kind: 'named', labels };
  const named =
    different === labels.length ? `${different} labels` : `the same label twice (${list(labels)})`;
  throw new TunebookError(
    'model/bad-config',
    `${file} names ${named} in id2label, but the classifier has ${outputs} outputs.`,
    { hint: 'The config.json must be the one that was saved with the weights.', location: { file } },
  );
}

function modulesOf(parameters: readonly Parameter[], { modules, mayBeFresh: more = [] }: TaskHead): string[] {
  const parts = new Set(parameters.flatMap(({ name }) => name.split('.')));
  return [...modules, ...more].filter((module) => parts.has(module));
}
