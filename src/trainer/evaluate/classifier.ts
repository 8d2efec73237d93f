import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { TunebookError } from '../../protocol/error.ts';
import { ADAPTER_PREFIX, findStored, loadParameters } from '../checkpoint/load-parameters.ts';
import { labelsOf, readModelFolder } from '../checkpoint/model-folder.ts';
import { readAdapter, type Adapter } from '../checkpoint/read-adapter.ts';
import { list } from '../data/problem.ts';
import { readJsonObject } from '../data/tokenizer/json.ts';
import { CPU_LOWERING } from '../graph/graph.ts';
import { familyOf, parseModelConfig, type ModelConfig } from '../models/config.ts';
import type { Parameter } from '../models/parameter.ts';
import { mayBeFresh, type Head as TaskHead } from '../models/family.ts';
import { buildTask } from '../models/task.ts';
import type { ForwardSpec } from '../runtime/predictor.ts';
import { readHeaders } from '../safetensors/read.ts';
import type { Head } from './labels.ts';

/** A model folder that can classify: what its files say, without the weights. */
export interface Classifier {
  /** The folder with the weights of the whole model. */
  readonly base: string;
  /** The folder with the adapter over it, and its settings. */
  readonly adapter: (Adapter & { readonly folder: string }) | undefined;
  readonly config: ModelConfig;
  readonly head: Head;
  /** The folder with its tokenizer. */
  readonly tokenizerFolder: string;
  /** `model_max_length` of the tokenizer, where it says one. */
  readonly tokenizerLength: number | undefined;
}

/** Where a random head comes from: the same in every evaluation. */
const HEAD_SEED = 42;

/**
 * Reads what a folder says about the model in it, and whether its weights are whole: a classifier, a PEFT adapter of one, or a
 * model without a classifier, which gets a random one.
 * @throws TunebookError `model/…`, `safetensors/…`, `tokenizer/…`
 */
export function inspectClassifier(folder: string): Classifier {
  const own = readModelFolder(folder);
  const adapter = own.adapter && { ...readAdapter(folder, own.adapter), folder };
  const base = adapter?.base ?? folder;
  const { config: baseFields, adapter: stacked } = adapter ? readModelFolder(base) : own;
  const fields = own.config ?? baseFields;
  if (stacked && adapter) throw stackedAdapters(folder, base);
  if (!baseFields || !fields) throw noConfig(base);
  const config = parseModelConfig(baseFields, join(base, 'config.json'));
  const tokenizerFolder = hasTokenizer(folder) ? folder : base;
  const classification = familyOf(config)['text-classification'];
  const outputs = storedOutputs(adapter ? [folder, base] : [base], classification.modules);
  const bare = { base, adapter, config, tokenizerFolder, tokenizerLength: tokenizerLength(tokenizerFolder) };
  const { missing } = locateParameters(bare, outputs ?? 2);
  checkMissing(missing, outputs === undefined ? classification : undefined, base);
  if (outputs === undefined)
    return { ...bare, head: { kind: 'random', modules: modulesOf(missing, classification) } };
  return { ...bare, head: readHead(labelsOf(fields), outputs, join(own.folder, 'config.json')) };
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
  const { base, adapter } = classifier;
  const { inAdapter, inBase, missing } = locateParameters(classifier, numLabels);
  const values = loadParameters([...inBase, ...missing], [base], HEAD_SEED).values;
  if (adapter) {
    for (const [name, value] of loadParameters(inAdapter, [adapter.folder], HEAD_SEED).values)
      values.set(name, value);
  }
  return { spec: specOf(classifier, numLabels), values };
}

type BareClassifier = Pick<Classifier, 'base' | 'adapter' | 'config'>;

function specOf({ config, adapter }: BareClassifier, numLabels: number): ForwardSpec {
  return {
    config,
    task: { kind: 'text-classification', numLabels },
    options: adapter ? { adapter: adapter.lora } : {},
  };
}

/** Which parameters come from where; an adapter's own go before those of its base. */
function locateParameters(
  classifier: BareClassifier,
  numLabels: number,
): { inAdapter: Parameter[]; inBase: Parameter[]; missing: Parameter[] } {
  const { config, task, options } = specOf(classifier, numLabels);
  const { builder } = buildTask(config, task, { ...options, training: false, lowering: CPU_LOWERING });
  const parameters = [...builder.parameters.values()];
  const { adapter, base } = classifier;
  const stored = adapter ? findStored(parameters, adapter.folder) : new Map<string, Parameter>();
  if (adapter) checkLeftOver(adapter.folder, stored);
  const inAdapter = new Set(stored.values());
  const rest = parameters.filter((parameter) => !inAdapter.has(parameter));
  const inBase = new Set(findStored(rest, base).values());
  return {
    inAdapter: [...inAdapter],
    inBase: [...inBase],
    missing: rest.filter((parameter) => !inBase.has(parameter)),
  };
}

/** How many outputs the classifier in the first folder that has one has. */
function storedOutputs(folders: readonly string[], modules: readonly string[]): number | undefined {
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

/** Only a head may be missing, and only as a whole: all else would be a model with holes. */
function checkMissing(missing: readonly Parameter[], fresh: TaskHead | undefined, folder: string): void {
  const holes = missing.filter(({ name }) => !fresh || !mayBeFresh(fresh, name));
  if (holes.length === 0) return;
  throw new TunebookError(
    'model/missing-weights',
    `The weights in ${folder} lack ${list(
      holes.map(({ name }) => name),
      4,
    )}.`,
    {
      hint: 'The weights and the config.json are of different models, or a shard is missing: copy the folder again.',
      location: { file: folder },
    },
  );
}

/** An adapter that holds more than is computed would silently be another model. */
function checkLeftOver(folder: string, found: ReadonlyMap<string, Parameter>): void {
  const names = readHeaders(folder).flatMap(({ tensors }) => [...tensors.keys()]);
  const extra = names.filter((name) => !found.has(name));
  if (extra.length === 0) return;
  throw new TunebookError(
    'model/adapter-unsupported',
    `The adapter ${folder} holds weights that have no place in its base model: ${list(extra, 4)}.`,
    {
      hint: 'It was made for another base model, or with settings that the trainer does not compute.',
      location: { file: folder },
    },
  );
}

function modulesOf(parameters: readonly Parameter[], { modules, mayBeFresh: more = [] }: TaskHead): string[] {
  const parts = new Set(parameters.flatMap(({ name }) => name.split('.')));
  return [...modules, ...more].filter((module) => parts.has(module));
}

function hasTokenizer(folder: string): boolean {
  return ['tokenizer.json', 'vocab.txt'].some((name) => existsSync(join(folder, name)));
}

/** `model_max_length`; transformers writes 1e30 where there is no limit. */
function tokenizerLength(folder: string): number | undefined {
  const length = readJsonObject(join(folder, 'tokenizer_config.json'))?.['model_max_length'];
  return typeof length === 'number' && length > 0 && length < 1e9 ? length : undefined;
}

function stackedAdapters(folder: string, base: string): TunebookError {
  return new TunebookError(
    'model/adapter-unsupported',
    `The adapter ${folder} was trained on another adapter, ${base}.`,
    {
      hint: 'Merge the first adapter into its base model with PEFT, and name that folder in base_model_name_or_path.',
      location: { file: join(folder, 'adapter_config.json') },
    },
  );
}

function noConfig(folder: string): TunebookError {
  return new TunebookError('model/no-config', `${folder} has no config.json, so it is not a model folder.`, {
    hint: 'A model folder holds config.json, model.safetensors and tokenizer.json, as save_pretrained writes them.',
    location: { file: folder },
  });
}
