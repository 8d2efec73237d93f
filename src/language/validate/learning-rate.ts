import { problem, replaceFix, type Problem } from '../problem.ts';
import { familiesWith, familyDefault, SCRATCH_FAMILIES } from '../schema/architecture-defaults.ts';
import { PREFERENCE_METHODS } from '../schema/formats.ts';
import { writeValue } from '../write-value.ts';
import type { Fields } from './fields.ts';

interface UsualRates {
  /** How a person calls what is trained. */
  what: string;
  low: number;
  high: number;
}

/** How far from the usual a learning rate is when it is told. */
const FAR = 10;

/**
 * Usual learning rates of AdamW. Full fine-tuning: 1e-5 to 1e-4 in the papers of BERT, RoBERTa and T5, and down to 1e-6 for
 * large language models; LoRA: 1e-4 to 1e-3 in its paper and in PEFT's examples, from 1e-5; from scratch: 1e-4 to 1e-3.
 */
const USUAL: Readonly<Record<'full' | 'lora' | 'scratch', UsualRates>> = {
  full: { what: 'full fine-tuning', low: 1e-6, high: 1e-4 },
  lora: { what: 'LoRA', low: 1e-5, high: 1e-3 },
  scratch: { what: 'training from scratch', low: 1e-5, high: 1e-3 },
};

/** The size that those rates are for, that of BERT and of the smallest GPT-3. */
const USUAL_SIZE = 125e6;

/**
 * How the rate goes with the size of the model: GPT-3's, of Table 2.1 of its paper, fall from 6e-4 with 125 million parameters to 0.6e-4 with
 * 175 billion, which is this power of the size. Smaller ones go on with it: 4e-3 with 260,000, where Kaplan et al. (2020) have 1.5e-3.
 */
const SLOPE = Math.log10(6e-4 / 0.6e-4) / Math.log10(175e9 / 125e6);

/**
 * A learning rate that is ten times and more above or below what is usual for the method and the size of the model.
 * @param size parameters of the base, where they are known
 */
export function checkLearningRate(fields: Fields, size: number | undefined): Problem[] {
  const node = fields.node('train', 'learning_rate');
  const rate = fields.number('train', 'learning_rate');
  const usual = usualRates(fields, size);
  if (!node || !rate || !usual) return [];
  const isHigh = rate > usual.high * FAR;
  if (!isHigh && rate >= usual.low / FAR) return [];
  const effect = isHigh ? 'the loss will probably not go down' : 'hardly anything will be learnt';
  const range = `${writeValue(usual.low)} to ${writeValue(usual.high)}`;
  const message = `\`learning_rate\` is ${writeValue(rate)}, far from what is usual for ${usual.what} (${range}): ${effect}. Take one in that range.`;
  const nearer = writeValue(isHigh ? usual.high : usual.low);
  return [
    problem('tune/unusual-learning-rate', node, message, [replaceFix(`Change to ${nearer}`, node, nearer)]),
  ];
}

function usualRates(fields: Fields, size: number | undefined): UsualRates | undefined {
  const method = usualOfMethod(fields);
  const parameters = method === 'scratch' ? scratchSize(fields) : size;
  if (method === undefined || !parameters) return method && USUAL[method];
  const { what, low, high } = USUAL[method];
  const factor = (USUAL_SIZE / parameters) ** SLOPE;
  // The rates of adapters hardly fall with the size of what they adapt.
  const scaled = round(high * (method === 'lora' ? Math.max(1, factor) : factor));
  const about = `${what} of ${Intl.NumberFormat('en').format(round(parameters, 2))} parameters`;
  return { what: about, low: Math.min(low, scaled), high: scaled };
}

function usualOfMethod(fields: Fields): keyof typeof USUAL | undefined {
  if (!/^adamw/.test(fields.string('train', 'optim') ?? '')) return undefined;
  if (fields.string('model', 'base') === 'scratch') return 'scratch';
  const method = fields.node('method');
  if (!method) return fields.isUnset('method') ? 'full' : undefined;
  const chosen = method.type === 'map' ? method.entries.map(({ name }) => name) : [];
  if (PREFERENCE_METHODS.some((name) => chosen.includes(name))) return undefined;
  if (chosen.includes('lora')) return 'lora';
  return chosen.includes('full') ? 'full' : undefined;
}

/**
 * Parameters of the layers of a model from scratch, about, by its architecture. Those of the words, which are as many as the tokenizer has, are
 * left out, as Kaplan et al. leave them out.
 */
function scratchSize(fields: Fields): number | undefined {
  const family = SCRATCH_FAMILIES.find(
    (each) => each === fields.string('model', 'architecture', 'model_type'),
  );
  if (!family) return undefined;
  const of = (...names: string[]): number | undefined => {
    const name = names.find((each) => familiesWith(each).includes(family)) ?? '';
    const byDefault = familyDefault(family, name);
    const given = fields.number('model', 'architecture', name);
    return given ?? (typeof byDefault === 'number' ? byDefault : undefined);
  };
  const width = of('hidden_size', 'n_embd', 'dim');
  const layers = of('num_hidden_layers', 'n_layer', 'n_layers');
  if (width === undefined || layers === undefined) return undefined;
  const inner = of('intermediate_size', 'n_inner', 'hidden_dim') ?? 4 * width;
  const isGated = familiesWith('rms_norm_eps').includes(family);
  return layers * (4 * width ** 2 + (isGated ? 3 : 2) * width * inner);
}

function round(value: number, digits = 1): number {
  return Number(value.toPrecision(digits));
}
