import { setFix } from '../edit.ts';
import { rootMap } from '../node.ts';
import { problem, removeFix, type Problem } from '../problem.ts';
import { FAMILY_DEFAULTS, SCRATCH_FAMILIES, type ScratchFamily } from '../schema/architecture.ts';
import type { Fields } from './fields.ts';
import { listNames } from './list-names.ts';

const PATH = ['model', 'architecture'];

/** The fields of width and heads, where a family calls them otherwise. */
const WIDTH: Record<ScratchFamily, readonly [string, string]> = {
  bert: ['hidden_size', 'num_attention_heads'],
  gpt2: ['n_embd', 'n_head'],
  llama: ['hidden_size', 'num_attention_heads'],
};

/** The shape of a model from scratch: fields of another family, and widths that cannot be divided as the trainer divides them. */
export function checkArchitecture(fields: Fields): Problem[] {
  const family = familyOf(fields);
  if (family === undefined || fields.string('model', 'base') !== 'scratch') return [];
  return [...checkFamily(fields, family), ...checkHeads(fields, WIDTH[family]), ...checkGroups(fields)];
}

/** The longest sequence that a model from scratch can read, in tokens. */
export function positionsOf(fields: Fields): number | undefined {
  return sizeOf(fields, familyOf(fields) === 'gpt2' ? 'n_positions' : 'max_position_embeddings');
}

function familyOf(fields: Fields): ScratchFamily | undefined {
  const type = fields.string(...PATH, 'model_type');
  return SCRATCH_FAMILIES.find((each) => each === type);
}

/** A size that is set, or the default of the family. */
function sizeOf(fields: Fields, name: string): number | undefined {
  const family = familyOf(fields);
  const fallback = family && FAMILY_DEFAULTS[name]?.[family];
  if (fields.isUnset(...PATH, name)) return typeof fallback === 'number' ? fallback : undefined;
  return fields.number(...PATH, name);
}

function checkFamily(fields: Fields, family: ScratchFamily): Problem[] {
  return Object.entries(FAMILY_DEFAULTS).flatMap(([name, families]) => {
    const entry = fields.entry(...PATH, name);
    if (!entry || family in families) return [];
    const others = SCRATCH_FAMILIES.filter((each) => each in families);
    const message = `\`${name}\` is a field of ${listNames(others)}, not of \`${family}\`. Remove it.`;
    return [problem('tune/unknown-field', entry.key, message, [removeFix(`Remove ${name}`, entry)])];
  });
}

function checkHeads(fields: Fields, [widthName, headsName]: readonly [string, string]): Problem[] {
  const node = fields.node(...PATH, widthName) ?? fields.node(...PATH, headsName);
  const width = sizeOf(fields, widthName);
  const heads = sizeOf(fields, headsName);
  if (!node || !width || !heads) return [];
  const step = leastCommonMultiple(4, heads);
  if (width % step === 0) return [];
  const better = Math.max(1, Math.round(width / step)) * step;
  const message = `\`${widthName}\` is ${width}; it must be a multiple of 4 and of \`${headsName}\`, which is ${heads}.`;
  const fix = setFix(
    `Set ${widthName}: ${better}`,
    rootMap(node.document),
    [...PATH, widthName],
    String(better),
  );
  return [problem('tune/inconsistent-settings', node, message, [fix])];
}

/** Heads that share keys and values do so in groups of one size. */
function checkGroups(fields: Fields): Problem[] {
  const node = fields.node(...PATH, 'num_key_value_heads');
  const shared = fields.number(...PATH, 'num_key_value_heads');
  const heads = sizeOf(fields, 'num_attention_heads');
  if (!node || !shared || !heads || heads % shared === 0) return [];
  const message = `\`num_attention_heads\` is ${heads}, which is no multiple of \`num_key_value_heads\`: ${shared}. Take a divisor of ${heads}.`;
  return [problem('tune/inconsistent-settings', node, message)];
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y > 0) [x, y] = [y, x % y];
  return (a / x) * b;
}
