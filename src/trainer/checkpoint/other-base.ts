import { join } from 'node:path';
import { TunebookError } from '../../protocol/error.ts';
import { CPU_LOWERING } from '../graph/graph.ts';
import { ADDED, isSavedWhole, isTrainedBias } from '../methods/lora.ts';
import type { ModelConfig } from '../models/config.ts';
import type { LinearLayer } from '../models/builder.ts';
import { mayBeFresh, type TiedWeight } from '../models/family.ts';
import type { Parameter } from '../models/parameter.ts';
import { buildTask, headFor, type Task } from '../models/task.ts';
import { ADAPTER_PREFIX, matchStored } from './load-parameters.ts';
import { unsupported, type Adapter } from './read-adapter.ts';

/** An adapter and the model that it is put over. */
export interface AdapterOverBase {
  readonly base: string;
  readonly config: ModelConfig;
  readonly adapter: Adapter & { readonly folder: string };
}

/**
 * Sees to it that everything that an adapter adds to layers has its place in the model that it is put over, and that each place has
 * something; so for the biases that it says it trained. Modules that were trained whole are not looked at.
 * @param parameters all parameters of the model with the adapter
 * @param layers the linear layers of the model
 * @param tied its output layer, where that has no weight of its own
 * @throws TunebookError `model/other-base` with the first tensor that does not fit, `model/missing-weights` where its own config asks
 *   for more than it has, `model/adapter-unsupported` where it adapts what is no linear layer of ours
 */
export function checkAdded(
  model: AdapterOverBase,
  parameters: readonly Parameter[],
  layers: readonly LinearLayer[],
  tied: TiedWeight | undefined,
): void {
  const { folder, lora } = model.adapter;
  const isOwn = (parameter: Parameter) =>
    isAdded(parameter) ||
    (isTrainedBias(parameter, lora.options) && !isSavedWhole(moduleOf(parameter.name), lora.options));
  const own = parameters.filter(isOwn);
  const { stored, found } = matchStored(own, folder);
  const modules = new Set(layers.map(({ name }) => name));
  const others = new Set([...parameters.map(({ name }) => moduleOf(name)), tied?.output]);
  for (const [name, { shape }] of stored) {
    const of = moduleOf(name.replace(/\.lora_embedding_[AB]$/, '.weight'));
    if (/\.lora_/.test(name) && !modules.has(of) && others.has(of))
      throw unsupported(join(folder, 'adapter_config.json'), 'target_modules', [of]);
    const place = found.get(name);
    // A layer that is there and is not asked for is no matter of the base.
    if (!place && isAdded({ name }) && !modules.has(moduleOf(name)))
      throw otherBase(model, `its ${bare(name)}, ${sizes(shape)}, has no place`);
    if (place && place.shape.join() !== shape.join())
      throw otherBase(
        model,
        `its ${place.name} is ${sizes(shape)} and would have to be ${sizes(place.shape)}`,
      );
  }
  const filled = new Set(found.values());
  const empty = own.find((parameter) => !filled.has(parameter));
  if (!empty) return;
  const kinds = new Set([...found.values()].map(({ name }) => kindOf(name)));
  if (!kinds.has(kindOf(empty.name))) throw lacking(folder, empty);
  throw otherBase(model, `it has no ${empty.name}, which would have to be ${sizes(empty.shape)}`);
}

const TASKS = ['text-generation', 'text-classification', 'token-classification', 'fill-mask'] as const;

/**
 * As {@link checkAdded} where nobody says for what task: an adapter is refused when it fits its base for none. What it adds to a head
 * is not looked at, as the data decide how large a head is.
 * @throws TunebookError as {@link checkAdded}
 */
export function checkAddedForAnyTask(model: AdapterOverBase): void {
  let refusal: TunebookError | undefined;
  for (const kind of TASKS) {
    const task: Task = { kind, numLabels: 1 };
    const head = headFor(model.config, task);
    if (!head) continue;
    const { builder } = buildTask(model.config, task, {
      adapter: model.adapter.lora,
      training: false,
      lowering: CPU_LOWERING,
    });
    const body = [...builder.parameters.values()].filter(({ name }) => !mayBeFresh(head, name));
    try {
      checkAdded(model, body, builder.linearLayers, head.tied);
      return;
    } catch (error) {
      if (!(error instanceof TunebookError)) throw error;
      refusal ??= error;
    }
  }
  if (refusal) throw refusal;
}

/** The name of the layer that a tensor is added to. */
function moduleOf(name: string): string {
  return bare(name)
    .replace(ADDED, '')
    .replace(/\.(weight|bias)$/, '');
}

/** What a tensor is of in every layer: `q_proj.lora_A.weight`, `q_proj.bias`. */
function kindOf(name: string): string {
  return bare(name).replace(/^.*\.(?=[^.]+\.(lora_|bias$))/, '');
}

function lacking(folder: string, parameter: Pick<Parameter, 'name'>): TunebookError {
  const { name } = parameter;
  const file = join(folder, 'adapter_config.json');
  return new TunebookError(
    'model/missing-weights',
    `The weights in ${folder} lack ${name}, which adapter_config.json asks for.`,
    {
      location: { file },
      hint: isAdded(parameter)
        ? 'The weights and the adapter_config.json are of different adapters: copy the folder again.'
        : 'Older versions of PEFT did not save the biases of `bias: lora_only`. Save the adapter with a newer one, or set bias to "none" to take the base’s.',
    },
  );
}

/** Whether a tensor is what an adapter adds to a layer. */
function isAdded({ name }: Pick<Parameter, 'name'>): boolean {
  return ADDED.test(name);
}

function otherBase({ base, config, adapter }: AdapterOverBase, what: string): TunebookError {
  const file = join(adapter.folder, 'adapter_config.json');
  const { base: named, revision } = adapter.named;
  const trainedOn = revision === undefined ? named : `${named} at ${revision}`;
  const is = named === base ? ', so another model lies there now' : '';
  return new TunebookError(
    'model/other-base',
    `The adapter ${adapter.folder} does not fit the model that it is put over, ${base} (${describe(config)}): ${what} there. ` +
      `It says that it was trained on ${trainedOn}${is}.`,
    {
      location: { file },
      hint: `Set base_model_name_or_path in ${file} to the model that it was trained on, or train an adapter of this one.`,
    },
  );
}

function describe(config: ModelConfig): string {
  const layers =
    'num_hidden_layers' in config
      ? config.num_hidden_layers
      : 'n_layers' in config
        ? config.n_layers
        : config.n_layer;
  return `${config.model_type}, ${layers === 1 ? '1 layer' : `${layers} layers`}, hidden size ${config.hidden_size}`;
}

function bare(name: string): string {
  return name.startsWith(ADAPTER_PREFIX) ? name.slice(ADAPTER_PREFIX.length) : name;
}

function sizes(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}
