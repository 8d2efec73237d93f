import { problem, replaceFix, type Problem } from '../problem.ts';
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

/** A learning rate that is ten times and more above or below what is usual for the method. */
export function checkLearningRate(fields: Fields): Problem[] {
  const node = fields.node('train', 'learning_rate');
  const rate = fields.number('train', 'learning_rate');
  const usual = usualRates(fields);
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

function usualRates(fields: Fields): UsualRates | undefined {
  if (!/^adamw/.test(fields.string('train', 'optim') ?? '')) return undefined;
  if (fields.string('model', 'base') === 'scratch') return USUAL.scratch;
  const method = fields.node('method');
  if (!method) return fields.isUnset('method') ? USUAL.full : undefined;
  const chosen = method.type === 'map' ? method.entries.map(({ name }) => name) : [];
  if (PREFERENCE_METHODS.some((name) => chosen.includes(name))) return undefined;
  if (chosen.includes('lora')) return USUAL.lora;
  return chosen.includes('full') ? USUAL.full : undefined;
}
