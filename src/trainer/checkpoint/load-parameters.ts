import { join } from 'node:path';
import { TunebookError } from '../../protocol/error.ts';
import type { Parameter } from '../models/parameter.ts';
import type { TensorInfo } from '../safetensors/header.ts';
import { readHeaders, readTensors } from '../safetensors/read.ts';
import { initialize } from './initialize.ts';

export interface LoadedParameters {
  readonly values: Map<string, Float32Array>;
  /** Parameters that the checkpoint did not have and that start fresh. */
  readonly initialized: string[];
}

/** PEFT's prefix for everything in an adapter file. */
export const ADAPTER_PREFIX = 'base_model.model.';

/** PEFT's name of the bias of a layer that its matrices are added to: the layer itself then lies within another. */
export function adaptedBias(layer: string): string {
  return `${layer}.base_layer.bias`;
}

/**
 * The values of a model's parameters, as 32-bit floats: from the folders in order (a later one wins: base, then
 * adapter), the rest fresh. Names are matched as transformers does: with and without the prefix of the base
 * model (`bert.`, `model.`, …), and with `base_model.model.` in an adapter.
 * @throws TunebookError `model/shape-mismatch`, and those of the safetensors reader
 */
export function loadParameters(
  parameters: Iterable<Parameter>,
  folders: readonly string[],
  seed: number,
): LoadedParameters {
  const list = [...parameters];
  const values = new Map<string, Float32Array>();
  for (const folder of folders) readFolder(list, folder, values);
  const initialized = list.filter(({ name }) => !values.has(name));
  for (const parameter of initialized) values.set(parameter.name, initialize(parameter, seed));
  return { values, initialized: initialized.map(({ name }) => name) };
}

function readFolder(
  parameters: readonly Parameter[],
  folder: string,
  values: Map<string, Float32Array>,
): void {
  const found = findStored(parameters, folder);
  for (const [name, { data }] of readTensors(folder, found.keys())) values.set(found.get(name)!.name, data);
}

/**
 * The parameters that a folder's weights hold, by the name under which they stand there. Reads headers only.
 * @throws TunebookError `model/shape-mismatch`, and those of the safetensors reader
 */
export function findStored(parameters: Iterable<Parameter>, folder: string): Map<string, Parameter> {
  const list = [...parameters];
  const [other] = otherShapes(list, folder);
  if (other) throw mismatch(folder, other.parameter, other.shape);
  return matchStored(list, folder).found;
}

/**
 * Parameters whose values in a folder's weights have another shape, with that shape. Reads headers only.
 * @throws TunebookError those of the safetensors reader
 */
export function otherShapes(
  parameters: Iterable<Parameter>,
  folder: string,
): { parameter: Parameter; shape: readonly number[] }[] {
  const { stored, found } = matchStored(parameters, folder);
  return [...found]
    .map(([name, parameter]) => ({ parameter, shape: stored.get(name)!.shape }))
    .filter(({ parameter, shape }) => shape.join() !== parameter.shape.join());
}

/**
 * As {@link findStored}, whatever the shapes are, and with all that the folder's weights hold.
 * @throws TunebookError those of the safetensors reader
 */
export function matchStored(
  parameters: Iterable<Parameter>,
  folder: string,
): { stored: Map<string, TensorInfo>; found: Map<string, Parameter> } {
  const stored = new Map(readHeaders(folder).flatMap(({ tensors }) => [...tensors]));
  const found = new Map<string, Parameter>();
  for (const parameter of parameters) {
    const name = storedNames(parameter.name).find((candidate) => stored.has(candidate));
    if (name !== undefined) found.set(name, parameter);
  }
  return { stored, found };
}

/**
 * Which parameters a folder's weights hold, by their own names and of whatever shape. Reads headers only.
 * @throws TunebookError those of the safetensors reader
 */
export function namesStored(parameters: Iterable<Parameter>, folder: string): Set<string> {
  return new Set([...matchStored(parameters, folder).found.values()].map(({ name }) => name));
}

/** What transformers puts before the names of a base model that lies within a model with a head. */
const BASE_MODEL_PREFIXES = ['bert', 'distilbert', 'roberta', 'transformer', 'model'];

/** The names under which a parameter may stand in a file, the most exact first. Old TensorFlow names are included. */
function storedNames(name: string): string[] {
  const [first = '', ...rest] = name.split('.');
  const bare = BASE_MODEL_PREFIXES.includes(first) ? rest.join('.') : name;
  const prefixed = BASE_MODEL_PREFIXES.map((prefix) => `${prefix}.${bare}`);
  const adapted = name.endsWith('.bias') ? [adaptedBias(name.slice(0, -'.bias'.length))] : [];
  const inAdapter = [name, ...adapted].map((each) => `${ADAPTER_PREFIX}${each}`);
  const names = [name, bare, ...prefixed, ...inAdapter];
  if (!name.includes('LayerNorm')) return names;
  return names.flatMap((n) => [
    n,
    n.replace(/LayerNorm\.weight$/, 'LayerNorm.gamma').replace(/LayerNorm\.bias$/, 'LayerNorm.beta'),
  ]);
}

function mismatch(folder: string, parameter: Parameter, stored: readonly number[]): TunebookError {
  const head = /^(classifier|score)\./.test(parameter.name);
  const config = join(folder, 'config.json');
  return new TunebookError(
    'model/shape-mismatch',
    `${parameter.name} is [${stored.join(', ')}] in ${folder}, but the config asks for [${parameter.shape.join(', ')}].`,
    {
      location: { file: head ? folder : config },
      hint: head
        ? 'The checkpoint was trained for other labels. Set `ignore_mismatched_sizes: true` in `model:` to give it a new head, or `num_labels` to that of the checkpoint.'
        : `The weights and ${config} are of different models: put back the config.json that was saved with them.`,
    },
  );
}
