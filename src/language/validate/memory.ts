import { formatBytes } from '../../protocol/format.ts';
import type { ModelFacts } from '../../protocol/inspect.ts';
import { problem, type Problem } from '../problem.ts';
import type { Fields } from './fields.ts';

/** What one WebAssembly memory can hold, where on the CPU weights that are trained lie with their gradients and moments. */
const LARGEST_STATE = 2 ** 32;

/**
 * Weights, gradients and moments against the memory that there is: at least so much is needed, activations come on top. Where the
 * device is chosen when the run starts, only the memory of the whole machine is certain.
 */
export function checkStateMemory(fields: Fields, facts: ModelFacts | undefined): Problem[] {
  const node = fields.node('model', 'base');
  if (!node || !facts || facts.parameters === 0) return [];
  const isFull = fields.node('method', 'full') !== undefined || fields.isUnset('method');
  const isAdapter = fields.node('method', 'lora') !== undefined;
  const accumulation = fields.number('train', 'gradient_accumulation_steps');
  const optim = fields.string('train', 'optim');
  if (!(isFull || isAdapter) || accumulation === undefined || optim === undefined) return [];
  const weights = 4 * facts.parameters;
  // Weights and gradients, with accumulation these twice, and two moments of AdamW; Adafactor keeps next to nothing.
  const copies = (accumulation > 1 ? 3 : 2) + (optim === 'adafactor' ? 0 : 2);
  const state = isFull ? weights * copies : weights;
  const what = isFull ? 'its weights, gradients and moments need' : 'its weights need';
  const told = `\`${String(node.type === 'scalar' ? node.value : '')}\` has ${formatCount(facts.parameters)} parameters: ${what} ${formatBytes(state)}`;
  const advice = isFull
    ? 'Train an adapter instead, `method: { lora: { r: 8 } }`, or take a smaller model.'
    : 'Take a smaller model.';
  if (isFull && fields.string('target', 'local', 'device') === 'cpu' && state > LARGEST_STATE) {
    const message = `${told}, and on the CPU the trainer can hold ${formatBytes(LARGEST_STATE)}. ${advice}`;
    return [problem('tune/memory', node, message)];
  }
  if (facts.memory === undefined || state <= facts.memory) return [];
  return [
    problem('tune/memory', node, `${told}, and this machine has ${formatBytes(facts.memory)}. ${advice}`),
  ];
}

function formatCount(count: number): string {
  return count >= 1e9 ? `${(count / 1e9).toFixed(1)} billion` : `${Math.round(count / 1e6)} million`;
}
