import { MOST_LAYERS } from '../../language/schema/limits.ts';
import { TunebookError } from '../../protocol/error.ts';
import { bertFamily, parseBertConfig, type BertConfig } from './bert.ts';
import { distilBertFamily, parseDistilBertConfig, type DistilBertConfig } from './distilbert.ts';
import type { Family } from './family.ts';
import { GEMMA_TYPES, parseGemmaConfig, type GemmaConfig } from './gemma-config.ts';
import { gemmaFamily } from './gemma.ts';
import { gpt2Family, parseGpt2Config, type Gpt2Config } from './gpt2.ts';
import { LLAMA_TYPES, llamaFamily, parseLlamaConfig, type LlamaConfig } from './llama.ts';
import { badConfig, type Fields } from './read-fields.ts';
import { parseRobertaConfig, ROBERTA_TYPES, robertaFamily, type RobertaConfig } from './roberta.ts';

/** A config of any family that the trainer computes; `model_type` says which. */
export type ModelConfig =
  BertConfig | DistilBertConfig | GemmaConfig | Gpt2Config | LlamaConfig | RobertaConfig;

const PARSERS: Readonly<Record<string, (fields: Fields, file: string) => ModelConfig>> = {
  bert: parseBertConfig,
  distilbert: parseDistilBertConfig,
  ...Object.fromEntries(ROBERTA_TYPES.map((type) => [type, parseRobertaConfig])),
  gpt2: parseGpt2Config,
  ...Object.fromEntries(LLAMA_TYPES.map((type) => [type, parseLlamaConfig])),
  ...Object.fromEntries(GEMMA_TYPES.map((type) => [type, parseGemmaConfig])),
};

/** The architectures that the trainer computes itself, as `model_type` in config.json names them. */
export const KNOWN_MODEL_TYPES: readonly string[] = Object.keys(PARSERS);

/**
 * Reads the fields of a `config.json` (or of an `architecture:` block) that the model is computed from.
 * @param file where the fields stand, for messages
 * @throws TunebookError `model/unknown-architecture`, `model/quantized`, `model/bad-config`
 */
export function parseModelConfig(fields: Fields, file: string): ModelConfig {
  const type = fields['model_type'];
  const parse = typeof type === 'string' && Object.hasOwn(PARSERS, type) ? PARSERS[type] : undefined;
  if (parse) {
    refuseQuantized(fields, file);
    refuseEndless(fields, file);
    return parse(fields, file);
  }
  if (type === 'gemma3')
    throw unknown(
      'The model is a Gemma 3 that reads images too, which the trainer does not compute.',
      'Take a Gemma 3 of texts alone (model_type: gemma3_text), such as google/gemma-3-270m or google/gemma-3-1b-it.',
      file,
    );
  const what =
    typeof type === 'string'
      ? `The model is of type "${type}", which the trainer does not compute yet.`
      : 'The config names no model_type.';
  throw unknown(what, `Known types: ${KNOWN_MODEL_TYPES.join(', ')}.`, file);
}

function unknown(message: string, hint: string, file: string): TunebookError {
  return new TunebookError('model/unknown-architecture', message, { hint, location: { file } });
}

/** The layers of a graph are built one by one: with a number that is none of a model this would not end. */
function refuseEndless(fields: Fields, file: string): void {
  for (const name of ['num_hidden_layers', 'n_layers', 'n_layer']) {
    const count = fields[name];
    if (typeof count === 'number' && count > MOST_LAYERS)
      throw badConfig(file, `${name} is ${count}, and the trainer builds ${MOST_LAYERS} layers at most`);
  }
}

/** Weights that are stored as codes would be read as if they were numbers. */
function refuseQuantized(fields: Fields, file: string): void {
  const settings = fields['quantization_config'];
  if (settings === undefined || settings === null) return;
  const method =
    typeof settings === 'object' && 'quant_method' in settings && typeof settings.quant_method === 'string'
      ? settings.quant_method
      : 'an unknown method';
  throw new TunebookError(
    'model/quantized',
    `The weights are quantised (${method}), and the trainer reads plain ones only.`,
    {
      hint: 'Take the model that it was made from: its page on the Hub usually names it.',
      location: { file },
    },
  );
}

/** The family of a config: how it is computed, and what it is called elsewhere. */
export function familyOf(config: ModelConfig): Family {
  switch (config.model_type) {
    case 'bert':
      return bertFamily(config);
    case 'distilbert':
      return distilBertFamily(config);
    case 'roberta':
    case 'xlm-roberta':
      return robertaFamily(config);
    case 'gpt2':
      return gpt2Family(config);
    case 'llama':
    case 'mistral':
    case 'qwen2':
    case 'qwen3':
      return llamaFamily(config);
    case 'gemma':
    case 'gemma2':
    case 'gemma3_text':
      return gemmaFamily(config);
  }
}
