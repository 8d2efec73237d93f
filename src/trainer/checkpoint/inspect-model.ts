import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { TunebookError } from '../../protocol/error.ts';
import { list } from '../data/problem.ts';
import { readJsonObject } from '../data/tokenizer/json.ts';
import { CPU_LOWERING } from '../graph/graph.ts';
import { parseModelConfig, type ModelConfig } from '../models/config.ts';
import { liesIn } from '../methods/lora.ts';
import { staysTied, tiedAmong } from '../methods/tied-weight.ts';
import { mayBeFresh, type Head, type TiedWeight } from '../models/family.ts';
import type { Parameter } from '../models/parameter.ts';
import { buildTask, headFor, type Task } from '../models/task.ts';
import type { ForwardSpec } from '../runtime/predictor.ts';
import { readHeaders } from '../safetensors/read.ts';
import { ADAPTER_PREFIX, findStored, loadParameters } from './load-parameters.ts';
import { readModelFolder } from './model-folder.ts';
import { checkAdded } from './other-base.ts';
import { readAdapter, type Adapter } from './read-adapter.ts';

/** A model folder whatever it is for: what its files say, without the weights. */
export interface InspectedModel {
  /** The folder with the weights of the whole model. */
  readonly base: string;
  /** The folder with the adapter over it, and its settings. */
  readonly adapter: (Adapter & { readonly folder: string }) | undefined;
  readonly config: ModelConfig;
  /** The fields of the nearest `config.json`. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** The folder with its tokenizer. */
  readonly tokenizerFolder: string;
  /** `model_max_length` of the tokenizer, where it says one. */
  readonly tokenizerLength: number | undefined;
}

/**
 * Reads what a folder says about the model in it: a model, or a PEFT adapter of one.
 * @throws TunebookError `model/…`
 */
export function inspectModel(folder: string): InspectedModel {
  const own = readModelFolder(folder);
  const adapter = own.adapter && { ...readAdapter(folder, own.adapter), folder };
  const base = adapter?.base ?? folder;
  const { config: baseFields, adapter: stacked } = adapter ? readModelFolder(base) : own;
  const fields = own.config ?? baseFields;
  if (stacked && adapter) stackedAdapters(folder, base);
  if (!baseFields || !fields) throw noConfig(base);
  const config = parseModelConfig(baseFields, join(base, 'config.json'));
  const tokenizerFolder = hasTokenizer(folder) ? folder : base;
  return {
    base,
    adapter,
    config,
    fields,
    tokenizerFolder,
    tokenizerLength: tokenizerLength(tokenizerFolder),
  };
}

type Weighted = Pick<InspectedModel, 'base' | 'adapter' | 'config'>;

/** What a model computes for a task. */
export function specFor({ config, adapter }: Weighted, task: Task): ForwardSpec {
  return { config, task, options: adapter ? { adapter: adapter.lora } : {} };
}

/**
 * Which parameters come from where; an adapter's own go before those of its base.
 * @throws TunebookError `model/adapter-unsupported` when an adapter holds more than is computed, `model/other-base` when it was made for
 *   another model
 */
export function locateParameters(
  model: Weighted,
  task: Task,
): { inAdapter: Parameter[]; inBase: Parameter[]; missing: Parameter[] } {
  const { config, options } = specFor(model, task);
  const { builder } = buildTask(config, task, { ...options, training: false, lowering: CPU_LOWERING });
  const parameters = [...builder.parameters.values()];
  const { adapter, base } = model;
  const tied = headFor(config, task)?.tied;
  if (adapter) checkAdded({ base, config, adapter }, parameters, builder.linearLayers, tied);
  const stored = adapter ? findStored(parameters, adapter.folder) : new Map<string, Parameter>();
  if (adapter) checkLeftOver(adapter.folder, stored, otherNames(adapter, tied));
  const inAdapter = new Set(stored.values());
  const rest = parameters.filter((parameter) => !inAdapter.has(parameter));
  const inBase = new Set(findStored(rest, base).values());
  return {
    inAdapter: [...inAdapter],
    inBase: [...inBase],
    missing: rest.filter((parameter) => !inBase.has(parameter)),
  };
}

/**
 * Reads the weights; what is missing starts at random.
 * @returns what a predictor is made of
 */
export function loadModel(
  model: Weighted,
  task: Task,
  seed: number,
): { spec: ForwardSpec; values: Map<string, Float32Array> } {
  const { base, adapter } = model;
  const { inAdapter, inBase, missing } = locateParameters(model, task);
  const values = loadParameters([...inBase, ...missing], [base], seed).values;
  if (adapter) {
    for (const [name, value] of loadParameters(inAdapter, [adapter.folder], seed).values)
      values.set(name, value);
  }
  return { spec: specFor(model, task), values };
}

/**
 * Only a head may be missing, and only as a whole: all else would be a model with holes.
 * @throws TunebookError `model/missing-weights`
 */
export function checkMissing(missing: readonly Parameter[], fresh: Head | undefined, folder: string): void {
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

/** Names in an adapter's file that hold no more than others do. */
function otherNames(
  adapter: Adapter & { readonly folder: string },
  tied: TiedWeight | undefined,
): (name: string) => boolean {
  const output = tiedOutput(adapter, tied);
  const hasBiases = adapter.lora.options.bias === 'all';
  // PEFT takes the biases along that its wrappers hold of a module: the base's, and the trained one under a second name.
  const isWrapped = (name: string) => /\.(modules_to_save|original_module)\.(.*\.)?bias$/.test(name);
  const ofOutput = tied && `${ADAPTER_PREFIX}${tied.output}.bias`;
  return (name) => name === output || (hasBiases && (isWrapped(name) || name === ofOutput));
}

/**
 * The second name under which an adapter holds a weight that its base uses twice.
 * @throws TunebookError `model/adapter-unsupported` where the adapter has parted the two
 */
function tiedOutput(
  { lora, ensureWeightTying, folder }: Adapter & { readonly folder: string },
  tied: TiedWeight | undefined,
): string | undefined {
  const [named] = tiedAmong(tied, lora.options.modules_to_save);
  if (!tied || named === undefined) return undefined;
  if (ensureWeightTying && staysTied(tied)) return `${ADAPTER_PREFIX}${tied.output}.weight`;
  const other = liesIn(tied.embedding, named) ? tied.output : tied.embedding;
  throw new TunebookError(
    'model/adapter-unsupported',
    `The adapter has ${named} in modules_to_save, and so a weight of its own where its base has one that ${other} uses too.`,
    {
      hint: 'Merge the adapter into its base with PEFT (merge_and_unload, then save_pretrained) and give that folder; or train it with ensure_weight_tying.',
      location: { file: join(folder, 'adapter_config.json') },
    },
  );
}

/** An adapter that holds more than is computed would silently be another model. */
function checkLeftOver(
  folder: string,
  found: ReadonlyMap<string, Parameter>,
  isKnown: (name: string) => boolean,
): void {
  const names = readHeaders(folder).flatMap(({ tensors }) => [...tensors.keys()]);
  const extra = names.filter((name) => !found.has(name) && !isKnown(name));
  if (extra.length === 0) return;
  throw new TunebookError(
    'model/adapter-unsupported',
    `The adapter ${folder} holds weights that have no place in its base model: ${list(extra, 4)}.`,
    {
      hint: 'It was made for another task, or with settings that the trainer does not compute.',
      location: { file: folder },
    },
  );
}

/**
 * The folder with the tokenizer of a model: its own, or that of its base where it is an adapter without one, as PEFT saves them.
 * @throws TunebookError `model/…`
 */
export function findTokenizer(folder: string): string {
  if (hasTokenizer(folder)) return folder;
  const { adapter } = readModelFolder(folder);
  return adapter ? readAdapter(folder, adapter).base : folder;
}

function hasTokenizer(folder: string): boolean {
  return ['tokenizer.json', 'vocab.txt'].some((name) => existsSync(join(folder, name)));
}

/** `model_max_length`; transformers writes 1e30 where there is no limit. */
function tokenizerLength(folder: string): number | undefined {
  const length = readJsonObject(join(folder, 'tokenizer_config.json'))?.['model_max_length'];
  return typeof length === 'number' && length > 0 && length < 1e9 ? length : undefined;
}

/**
 * Refuses an adapter that lies over another one.
 * @throws TunebookError `model/adapter-unsupported`
 */
export function stackedAdapters(folder: string, base: string): never {
  throw new TunebookError(
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
