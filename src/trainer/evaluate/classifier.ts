import { join } from 'node:path';
import { TunebookError } from '../../protocol/error.ts';
import {
  checkMissing,
  inspectModel,
  loadModel,
  locateParameters,
  type InspectedModel,
} from '../checkpoint/inspect-model.ts';
import { labelsOf } from '../checkpoint/model-folder.ts';
import { storedOutputs } from '../checkpoint/stored-outputs.ts';
import { list } from '../data/problem.ts';
import { familyOf } from '../models/config.ts';
import type { Head as TaskHead } from '../models/family.ts';
import type { Parameter } from '../models/parameter.ts';
import type { Task } from '../models/task.ts';
import type { ForwardSpec } from '../runtime/predictor.ts';
import type { Head } from './labels.ts';

/** A model folder that can classify: what its files say, without the weights. */
export interface Classifier extends InspectedModel {
  readonly head: Head;
}

/** Where a random head comes from: the same in every evaluation. */
const HEAD_SEED = 42;

/**
 * Reads what a folder says about the model in it, and whether its weights are whole: a classifier, a PEFT adapter of one, or a
 * model without a classifier, which gets a random one.
 * @throws TunebookError `model/…`, `safetensors/…`, `tokenizer/…`
 */
export function inspectClassifier(folder: string): Classifier {
  const model = inspectModel(folder);
  const { base, adapter, config, fields } = model;
  const classification = familyOf(config)['text-classification'];
  const outputs = storedOutputs(adapter ? [folder, base] : [base], classification.modules);
  const { missing } = locateParameters(model, taskOf(outputs ?? 2));
  checkMissing(missing, outputs === undefined ? classification : undefined, base);
  if (outputs === undefined)
    return { ...model, head: { kind: 'random', modules: modulesOf(missing, classification) } };
  return { ...model, head: readHead(labelsOf(fields), outputs, join(folder, 'config.json')) };
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
  return loadModel(classifier, taskOf(numLabels), HEAD_SEED);
}

function taskOf(numLabels: number): Task {
  return { kind: 'text-classification', numLabels };
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
