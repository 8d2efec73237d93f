import { formatBytes } from '../../protocol/format.ts';
import type { ModelFacts } from '../../protocol/inspect.ts';
import { problem, type Problem } from '../problem.ts';
import type { Fields } from './fields.ts';
import { preferenceMethod } from './method.ts';

/**
 * Weights, gradients and moments against the memory that there is: at least so much is needed, activations come on top.
 */
export function checkStateMemory(fields: Fields, facts: ModelFacts | undefined): Problem[] {
  const node = fields.node('model', 'base');
  if (!node || !facts || facts.parameters === 0) return [];
  const isAdapter = fields.node('method', 'lora') !== undefined;
  const isWritten = fields.node('method', 'full') ?? preferenceMethod(fields);
  const isFull = !isAdapter && (isWritten !== undefined || fields.isUnset('method'));
  const comparesWithStart = isFull && fields.node('method', 'dpo') !== undefined;
  const accumulation = fields.number('train', 'gradient_accumulation_steps');
  const optim = fields.string('train', 'optim');
  if (!(isFull || isAdapter) || accumulation === undefined || optim === undefined) return [];
  const weights = 4 * facts.parameters;
  // Weights and gradients, with accumulation these twice, and two moments of AdamW; Adafactor keeps next to nothing.
  const copies = (accumulation > 1 ? 3 : 2) + (optim === 'adafactor' ? 0 : 2) + (comparesWithStart ? 1 : 0);
  const isWhole =
    fields.isUnset('method', 'quantization') ||
    fields.value('method', 'quantization', 'load_in_4bit') === false;
  const state = isFull ? weights * copies : weights / (isWhole ? 1 : 8);
  const start = comparesWithStart ? ', and the weights of the start that DPO compares it with,' : '';
  const what = isFull ? `its weights, gradients and moments${start} need` : 'its weights need';
  const told = `\`${String(node.type === 'scalar' ? node.value : '')}\` has ${formatCount(facts.parameters)} parameters: ${what} ${formatBytes(state)}`;
  const advice = isFull
    ? 'Train an adapter instead, `method: { lora: { r: 8 } }`, or take a smaller model.'
    : 'Take a smaller model.';
  if (facts.memory === undefined || state <= facts.memory) return [];
  return [
    problem('tune/memory', node, `${told}, and this machine has ${formatBytes(facts.memory)}. ${advice}`),
  ];
}

function formatCount(count: number): string {
  return count >= 1e9 ? `${(count / 1e9).toFixed(1)} billion` : `${Math.round(count / 1e6)} million`;
}
