import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { TunebookError } from '../../protocol/error.ts';
import { modulePattern } from '../../protocol/module-pattern.ts';
import { variablesIn } from '../../protocol/environment.ts';
import { unmaskedBase } from '../../runs/adapter-base.ts';
import { Lora, type Names } from '../methods/lora.ts';
import { resolveBase } from './resolve-base.ts';

/** A LoRA adapter as PEFT saves it. */
export interface Adapter {
  readonly lora: Lora;
  /** Whether a saved table of words is the output layer too, where the base has one weight for both. */
  readonly ensureWeightTying: boolean;
  /** Folder of the model that it was trained on. */
  readonly base: string;
  /** What the adapter itself calls that model: a folder, or a name of the Hub with a revision. */
  readonly named: { readonly base: string; readonly revision?: string };
}

/** Fields of PEFT's LoraConfig that change what is computed and that are not: each must be unset, empty or as given. */
const NOT_COMPUTED: Readonly<Record<string, unknown>> = {
  use_qalora: false,
  use_bdlora: false,
  lora_bias: false,
  layers_pattern: undefined,
  layer_replication: undefined,
  target_parameters: undefined,
  trainable_token_indices: undefined,
  alora_invocation_tokens: undefined,
  arrow_config: undefined,
  velora_config: undefined,
  kasa_config: undefined,
  monteclora_config: undefined,
};

/**
 * Values of `init_lora_weights` that leave the base as it is and the matrices free: how an adapter began no longer matters then. PiSSA, OLoRA,
 * CorDA, LoftQ and LoRA-GA take what they begin with out of the base's weights, so that the adapter belongs to another model; PEFT
 * computes that model again where it can.
 */
const STARTS: readonly unknown[] = [true, false, 'gaussian', 'orthogonal', 'eva'];

const BIASES = ['none', 'all', 'lora_only'] as const;

/**
 * Reads the fields of an `adapter_config.json`.
 * @param folder the adapter's folder
 * @throws TunebookError `model/adapter-unsupported`, `model/bad-config`, `model/no-adapter-base`
 */
export function readAdapter(folder: string, fields: Readonly<Record<string, unknown>>): Adapter {
  const file = join(folder, 'adapter_config.json');
  if (fields['peft_type'] !== 'LORA') throw unsupported(file, 'peft_type', fields['peft_type']);
  for (const [name, only] of Object.entries(NOT_COMPUTED)) {
    if (!isUnset(fields[name]) && fields[name] !== only) throw unsupported(file, name, fields[name]);
  }
  const { r, lora_alpha, lora_dropout = 0 } = fields;
  if (!isPositive(r)) throw badField(file, 'r', r);
  if (!isPositive(lora_alpha)) throw badField(file, 'lora_alpha', lora_alpha);
  const target_modules = namesOf(file, 'target_modules', fields);
  const modules_to_save = fields['modules_to_save'] ?? [];
  if (!isNames(modules_to_save)) throw badField(file, 'modules_to_save', modules_to_save);
  const bias = BIASES.find((each) => each === (fields['bias'] ?? 'none'));
  if (!bias) throw unsupported(file, 'bias', fields['bias']);
  const start = fields['init_lora_weights'] ?? true;
  if (!STARTS.includes(start)) throw unsupported(file, 'init_lora_weights', start);
  const one = fields['layers_to_transform'];
  const layers = Array.isArray(one) || one === undefined || one === null ? one : [one];
  if (layers && !layers.every((layer) => typeof layer === 'number'))
    throw badField(file, 'layers_to_transform', one);
  const lora = new Lora({
    r,
    lora_alpha,
    lora_dropout: typeof lora_dropout === 'number' ? lora_dropout : 0,
    target_modules,
    modules_to_save,
    use_rslora: fields['use_rslora'] === true,
    init_lora_weights: true,
    use_dora: fields['use_dora'] === true,
    bias,
    rank_pattern: patternOf(file, 'rank_pattern', fields),
    alpha_pattern: patternOf(file, 'alpha_pattern', fields),
    exclude_modules: namesOf(file, 'exclude_modules', fields),
    ...(layers && layers.length > 0 ? { layers_to_transform: layers } : {}),
  });
  const { base_model_name_or_path: name, revision } = fields;
  return {
    lora,
    ensureWeightTying: fields['ensure_weight_tying'] === true,
    base: resolveAdapterBase(file, name, revision),
    named: { base: String(name), ...(typeof revision === 'string' ? { revision } : {}) },
  };
}

/** A list of names, or a text that PEFT takes as a regular expression. */
function namesOf(file: string, field: string, fields: Readonly<Record<string, unknown>>): Names {
  const value = fields[field] ?? [];
  if (isNames(value)) return value;
  if (typeof value !== 'string') throw badField(file, field, value);
  if (!modulePattern(value)) throw unsupported(file, field, value);
  return value;
}

function patternOf(
  file: string,
  field: string,
  fields: Readonly<Record<string, unknown>>,
): Record<string, number> {
  const value = fields[field] ?? {};
  const entries = typeof value === 'object' ? Object.entries(value) : [];
  const numbers = entries.filter((entry): entry is [string, number] => isPositive(entry[1]));
  if (typeof value !== 'object' || numbers.length < entries.length) throw badField(file, field, value);
  const strange = numbers.find(([key]) => !modulePattern(key));
  if (strange) throw unsupported(file, field, value);
  return Object.fromEntries(numbers);
}

/** A folder, or a name of the Hub that is looked for in the Hugging Face cache of this machine. */
function resolveAdapterBase(file: string, named: unknown, revision: unknown): string {
  const base = typeof named === 'string' ? unmaskedBase(named) : '';
  if (base === '') {
    throw new TunebookError(
      'model/no-adapter-base',
      `${file} does not say which model the adapter was trained on.`,
      { hint: 'Set base_model_name_or_path in it to the folder of that model.', location: { file } },
    );
  }
  if (existsSync(base)) return base;
  if (!isAbsolute(base) && /^[\w.-]+(\/[\w.-]+)?$/.test(base))
    return resolveBase(typeof revision === 'string' ? `hf:${base}@${revision}` : `hf:${base}`, file);
  const [unset] = variablesIn(base);
  throw new TunebookError(
    'model/no-adapter-base',
    `The model that the adapter was trained on is not there any more: ${base}.`,
    {
      hint:
        unset !== undefined
          ? `Set the environment variable ${unset} as when it was trained, or set base_model_name_or_path in ${file} to where the model lies.`
          : `Put it back, or set base_model_name_or_path in ${file} to where it lies now.`,
      location: { file },
    },
  );
}

function isUnset(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function isPositive(value: unknown): value is number {
  return typeof value === 'number' && value > 0;
}

function isNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string');
}

/** An adapter that says what the trainer cannot do as it says. */
export function unsupported(file: string, field: string, value: unknown): TunebookError {
  return new TunebookError(
    'model/adapter-unsupported',
    `The adapter has ${field}: ${JSON.stringify(value)}, which the trainer does not compute.`,
    {
      hint: 'Merge the adapter into its base with PEFT (merge_and_unload, then save_pretrained) and give that folder.',
      location: { file },
    },
  );
}

function badField(file: string, field: string, value: unknown): TunebookError {
  return new TunebookError(
    'model/bad-config',
    `${file} cannot be used: ${field} is ${JSON.stringify(value)}.`,
    { hint: 'Copy the file again from where the adapter came from.', location: { file } },
  );
}
