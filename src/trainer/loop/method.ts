import { TunebookError } from '../../protocol/error.ts';
import type { LoraConfig, ResolvedRun } from '../../language/resolved.ts';
import { LoraSchema } from '../../language/schema/lora.ts';
import { fieldsOf } from '../../language/schema/navigate.ts';
import { isTargeted, isTrainedByLora, liesIn, Lora, type LoraOptions, type Names } from '../methods/lora.ts';
import { staysTied, tiedAmong, tiedNames } from '../methods/tied-weight.ts';
import type { LinearAdapter, LinearLayer } from '../models/builder.ts';
import { mayBeFresh, type Family, type Head } from '../models/family.ts';
import type { Parameter } from '../models/parameter.ts';

/** LoRA's settings once the model is known. */
export type KnownLora = LoraConfig & Required<Pick<LoraConfig, 'target_modules'>>;

/** What of a run decides what is trained. */
export type MethodSettings = Pick<ResolvedRun, 'file' | 'method'> & {
  model: Pick<ResolvedRun['model'], 'task' | 'base' | 'ignore_mismatched_sizes'>;
};

/** What a run trains: everything, or an adapter and the modules that are saved whole. */
export interface Method {
  readonly adapter?: LinearAdapter;
  readonly lora?: {
    readonly settings: Lora;
    readonly config: KnownLora;
    readonly modulesToSave: readonly string[];
  };
  readonly isTrained: (parameter: Parameter) => boolean;
}

/**
 * Reads `method:`. With LoRA the classifier, and a pooler that the base model does not bring, are trained and saved
 * whole: PEFT would leave a fresh pooler frozen at random values and not save it, and the adapter would be worthless
 * elsewhere.
 * @param base folder of the base model; absent for a model from scratch
 * @param fresh names of the parameters that the base does not bring
 * @param head the head of the model for the run's task
 * @param family says which layers are adapted when the run does not
 * @throws TunebookError `run/lora-needs-base` where an adapter would sit on random weights
 */
export function readMethod(
  run: MethodSettings,
  base: string | undefined,
  fresh: readonly string[],
  head: Head,
  family: Pick<Family, 'loraTargets'>,
): Method {
  if (!('lora' in run.method)) return { isTrained: () => true };
  if (base === undefined) throw needsBase(run, 'the model starts from scratch');
  const isClassifier = run.model.task.endsWith('-classification');
  const missing = isClassifier ? undefined : fresh.find((name) => mayBeFresh(head, name));
  if (missing !== undefined) throw needsBase(run, `${base} has no head for ${run.model.task} (${missing})`);
  const config = {
    ...run.method.lora,
    target_modules: run.method.lora.target_modules ?? [...family.loraTargets],
  };
  const whole = new Set(config.modules_to_save ?? []);
  if (isClassifier) for (const module of head.modules) whole.add(module);
  for (const module of head.mayBeFresh ?? [])
    if (fresh.some((name) => name.split('.').includes(module))) whole.add(module);
  return loraMethod(config, keepTied(run, head, [...whole].sort()));
}

/**
 * A weight that is table of words and output layer in one stays so, as with PEFT's `ensure_weight_tying`.
 * @throws TunebookError `run/tied-module` where PEFT could only part the two
 */
function keepTied(run: MethodSettings, { tied }: Head, whole: readonly string[]): readonly string[] {
  const named = tiedAmong(tied, whole);
  if (!tied || named.length === 0) return whole;
  if (staysTied(tied)) return tiedNames(tied, whole);
  throw new TunebookError(
    'run/tied-module',
    `modules_to_save ${JSON.stringify(named)} takes in a weight that the model uses twice, as ${tied.embedding} and as ${tied.output}: PEFT would train a copy for one of them, and load no adapter that trains both.`,
    {
      hint: `Name modules without it, let target_modules adapt linear layers, or train the model whole with method: { full: {} }.`,
      location: { file: run.file },
    },
  );
}

/**
 * The method of a run that goes on with an adapter: the adapter's settings, and with the run's own dropout. A classifier's head
 * is trained with it, as always.
 * @param layers the linear layers of the model
 * @throws TunebookError `run/other-adapter` where the run asks for other settings than the adapter has
 */
export function continueAdapter(
  run: MethodSettings,
  { options }: Lora,
  head: Head,
  layers: readonly LinearLayer[],
): Method {
  if (!('lora' in run.method)) throw new Error('only LoRA goes on with an adapter');
  if (run.method.quantization && options.use_dora) throw doraInFourBits(run);
  const { lora } = run.method;
  const isClassifier = run.model.task.endsWith('-classification');
  const whole = new Set([...options.modules_to_save, ...(isClassifier ? head.modules : [])]);
  const others = differingFields(lora, options, layers);
  if (others.length > 0) {
    throw new TunebookError(
      'run/other-adapter',
      `${run.model.base} is an adapter with ${others.map(([name, its]) => `${name}: ${shown(its)}`).join(', ')}, and the run asks for ${others.map(([name]) => `${name}: ${shown(lora[name])}`).join(', ')}.`,
      {
        hint: 'Leave these fields out to go on with the adapter, or train the merged model whole with method: { full: {} }.',
        location: { file: run.file },
      },
    );
  }
  const { r, lora_alpha, target_modules, use_rslora } = options;
  const config: KnownLora = {
    ...lora,
    r,
    lora_alpha,
    target_modules: copied(target_modules),
    use_rslora,
    use_dora: options.use_dora ?? false,
    bias: options.bias ?? 'none',
    rank_pattern: { ...options.rank_pattern },
    alpha_pattern: { ...options.alpha_pattern },
    ...(options.exclude_modules?.length ? { exclude_modules: copied(options.exclude_modules) } : {}),
    ...(options.layers_to_transform ? { layers_to_transform: [...options.layers_to_transform] } : {}),
  };
  return loraMethod(config, [...whole].sort());
}

function copied(names: Names): string[] | string {
  return typeof names === 'string' ? names : [...names];
}

/**
 * Fields that a run sets to something else than the adapter has; what has PEFT's default is taken for unset. Targets are the same
 * where they are the same layers: an adapter lists those that `all-linear` stood for.
 */
function differingFields(lora: LoraConfig, options: LoraOptions, layers: readonly LinearLayer[]) {
  const names = [
    'r',
    'lora_alpha',
    'target_modules',
    'use_rslora',
    'use_dora',
    'bias',
    'rank_pattern',
    'alpha_pattern',
    'exclude_modules',
    'layers_to_transform',
    'modules_to_save',
  ] as const;
  const fields = fieldsOf(LoraSchema);
  const text = (value: unknown) => {
    const list: unknown[] | undefined = Array.isArray(value) ? value : undefined;
    return JSON.stringify(list ? list.map(String).sort() : value);
  };
  const targets = (target_modules: LoraOptions['target_modules']) =>
    text(targetsAmong(layers, { ...options, target_modules }));
  return names.flatMap((name) => {
    const wanted = lora[name];
    const isUnset = wanted === undefined || text(wanted) === text(fields[name]?.default);
    const its = options[name];
    const isSame =
      isUnset ||
      text(wanted) === text(its) ||
      (name === 'target_modules' && targets(lora[name]!) === targets(options[name]));
    return isSame ? [] : [[name, its] as const];
  });
}

/** The value of a field; of a long list its beginning. */
function shown(value: unknown): string {
  if (!Array.isArray(value) || value.length <= 8) return JSON.stringify(value);
  return `[${value
    .slice(0, 4)
    .map((each) => JSON.stringify(each))
    .join(', ')} and ${value.length - 4} more]`;
}

function loraMethod(config: KnownLora, modulesToSave: readonly string[]): Method {
  const options: LoraOptions = { ...config, modules_to_save: modulesToSave };
  const settings = new Lora(options);
  return {
    adapter: settings,
    lora: { settings, config, modulesToSave },
    isTrained: (parameter) => isTrainedByLora(parameter, options),
  };
}

function doraInFourBits(run: MethodSettings): TunebookError {
  return new TunebookError(
    'run/other-adapter',
    `${run.model.base} is an adapter with use_dora: true, which needs the weights in full, and the run keeps them in 4 bits.`,
    { hint: 'Leave out quantization to go on with it.', location: { file: run.file } },
  );
}

function needsBase(run: MethodSettings, why: string): TunebookError {
  return new TunebookError(
    'run/lora-needs-base',
    `LoRA leaves the base model as it is, but ${why}: it would stay random.`,
    { hint: 'Train it whole first, with method: { full: {} }.', location: { file: run.file } },
  );
}

/**
 * Makes sure that the adapter has something to sit on, and that no target is left out in silence: PEFT adapts tables of words too, and
 * refuses what is neither.
 * @param parameters those of the model without an adapter
 * @throws TunebookError `run/no-target-modules` with the names there are, `run/not-linear`
 */
export function checkTargets(
  { lora }: Method,
  layers: readonly LinearLayer[],
  parameters: readonly Pick<Parameter, 'name'>[],
  head: Head,
  file: string,
): void {
  if (!lora) return;
  const { options } = lora.settings;
  const names = [...new Set(layers.map(({ name }) => name.split('.').at(-1) ?? name))].sort();
  const location = { file };
  const shownTargets = shown(options.target_modules);
  if (targetsAmong(layers, options).length === 0)
    throw new TunebookError(
      'run/no-target-modules',
      `target_modules ${shownTargets} matches no linear layer of the model.`,
      {
        hint: `The model has: ${names.join(', ')}; or say all-linear. A text is a regular expression that matches a whole name, such as ${layers[0]?.name ?? ''}.`,
        location,
      },
    );
  if (options.target_modules === 'all-linear') return;
  const linear = new Set(layers.map(({ name }) => name));
  const modules = modulesOf(parameters, head).flatMap(withOuter);
  const other = modules.find((name) => !linear.has(name) && isTargeted(name, options));
  if (other === undefined) return;
  throw new TunebookError(
    'run/not-linear',
    `target_modules ${shownTargets} takes in ${other}, which is no linear layer that the trainer adapts.`,
    {
      hint: `It adapts: ${names.join(', ')}. Leave ${other} out, with another name or with exclude_modules; what is to be trained whole belongs into modules_to_save.`,
      location,
    },
  );
}

/** Names of all modules that have weights, with an output layer that shares one. */
function modulesOf(parameters: readonly Pick<Parameter, 'name'>[], { tied }: Head): string[] {
  const own = parameters.map(({ name }) => name.replace(/\.[^.]+$/, ''));
  return tied ? [...own, tied.output] : own;
}

/** A module and those that it lies in, the innermost first. */
function withOuter(module: string): string[] {
  const parts = module.split('.');
  return parts.map((_, i) => parts.slice(0, parts.length - i).join('.'));
}

/**
 * Makes sure that the model has what the run saves whole. PEFT passes over a name that nothing has, and trains without it.
 * @param parameters those of the model without an adapter
 * @throws TunebookError `run/no-module-to-save` with the names there are
 */
export function checkModulesToSave(
  run: MethodSettings,
  parameters: readonly Pick<Parameter, 'name'>[],
  head: Head,
): void {
  const {
    unknown: [lost],
    modules,
  } = unknownModules(run, parameters, head);
  if (lost === undefined) return;
  throw new TunebookError(
    'run/no-module-to-save',
    `modules_to_save names ${JSON.stringify(lost)}, which the model does not have: nothing would be trained for it.`,
    { hint: `The model has: ${modules.join(', ')}.`, location: { file: run.file } },
  );
}

/**
 * What a run saves whole and its model does not have.
 * @param parameters those of the model without an adapter
 * @returns these names, and the last parts of those that there are
 */
export function unknownModules(
  { method }: Pick<MethodSettings, 'method'>,
  parameters: readonly Pick<Parameter, 'name'>[],
  head: Head,
): { unknown: string[]; modules: string[] } {
  const wanted = 'lora' in method ? (method.lora.modules_to_save ?? []) : [];
  const known = modulesOf(parameters, head);
  return {
    unknown: wanted.filter((name) => !known.some((module) => liesIn(module, name))),
    modules: [...new Set(known.map((module) => module.split('.').at(-1) ?? module))].sort(),
  };
}

/**
 * The settings of an adapter as they are written beside it. `all-linear` becomes the list of the layers, as PEFT saves it: PEFT itself
 * would count the head of a token classifier among them, and what lies within a module that is saved whole, and refuse the adapter. So
 * does a regular expression, of which PEFT would refuse one that matches a module without weights, such as dropout.
 */
export function settingsToSave(
  { config, settings }: NonNullable<Method['lora']>,
  layers: readonly LinearLayer[],
): KnownLora {
  if (typeof config.target_modules !== 'string') return config;
  return { ...config, target_modules: targetsAmong(layers, settings.options) };
}

/** Names of the layers that get an adapter. */
function targetsAmong(layers: readonly LinearLayer[], options: LoraOptions): string[] {
  return layers.map(({ name }) => name).filter((name) => isTargeted(name, options));
}
