import { setFix } from '../edit.ts';
import { entryOf, rootMap, valueAt } from '../node.ts';
import { problem, removeFix, type Problem } from '../problem.ts';
import {
  ARCHITECTURE_FIELDS,
  familiesWith,
  familyDefault,
  SCRATCH_FAMILIES,
  type ScratchFamily,
} from '../schema/architecture-defaults.ts';
import type { Fields } from './fields.ts';
import { listNames } from './list-names.ts';

const PATH = ['model', 'architecture'];

/** What each family calls its width and its heads. */
const WIDTHS: readonly (readonly [width: string, heads: string])[] = [
  ['hidden_size', 'num_attention_heads'],
  ['n_embd', 'n_head'],
  ['dim', 'n_heads'],
];

/** The shape of a model from scratch: fields of another family, and widths that cannot be divided as the trainer divides them. */
export function checkArchitecture(fields: Fields): Problem[] {
  const family = familyOf(fields);
  if (family === undefined || fields.string('model', 'base') !== 'scratch') return [];
  return [
    ...checkFamily(fields, family),
    ...WIDTHS.filter(([width]) => familiesWith(width).includes(family)).flatMap((names) =>
      checkHeads(fields, names, family),
    ),
    ...checkHeadWidth(fields),
    ...checkGroups(fields),
    ...checkActivation(fields, family),
    ...checkLayerTypes(fields),
    ...checkWindow(fields, family),
  ];
}

/** The longest sequence that a model from scratch can read, in tokens. */
export function positionsOf(fields: Fields): number | undefined {
  const family = familyOf(fields);
  const rows = sizeOf(fields, family === 'gpt2' ? 'n_positions' : 'max_position_embeddings');
  // RoBERTa counts from behind the padding token, whose id the tokenizer knows: one row at least is never used.
  return rows !== undefined && (family === 'roberta' || family === 'xlm-roberta') ? rows - 1 : rows;
}

function familyOf(fields: Fields): ScratchFamily | undefined {
  const type = fields.string(...PATH, 'model_type');
  return SCRATCH_FAMILIES.find((each) => each === type);
}

/** A size that is set, or the default of the family. */
function sizeOf(fields: Fields, name: string): number | undefined {
  const family = familyOf(fields);
  const fallback = family && familyDefault(family, name);
  if (fields.isUnset(...PATH, name)) return typeof fallback === 'number' ? fallback : undefined;
  return fields.number(...PATH, name);
}

function checkFamily(fields: Fields, family: ScratchFamily): Problem[] {
  return ARCHITECTURE_FIELDS.flatMap((name) => {
    const entry = fields.entry(...PATH, name);
    const others = familiesWith(name);
    if (!entry || others.includes(family)) return [];
    const message = `\`${name}\` is a field of ${listNames(others)}, not of \`${family}\`. Remove it.`;
    return [problem('tune/unknown-field', entry.key, message, [removeFix(`Remove ${name}`, entry)])];
  });
}

function checkHeads(
  fields: Fields,
  [widthName, headsName]: (typeof WIDTHS)[number],
  family: ScratchFamily,
): Problem[] {
  const node = fields.node(...PATH, widthName) ?? fields.node(...PATH, headsName);
  const width = sizeOf(fields, widthName);
  const heads = sizeOf(fields, headsName);
  if (!node || !width || !heads) return [];
  // A head that has a width of its own does not divide the model's. Rotary positions turn the values of a head in pairs.
  const hasOwn = familyDefault(family, 'head_dim') !== undefined || !fields.isUnset(...PATH, 'head_dim');
  const isRotary = familiesWith('rms_norm_eps').includes(family);
  // Transformers builds no Gemma 2 or 3 otherwise, although their heads have a width of their own.
  const divides = family === 'gemma2' || family === 'gemma3_text';
  const step = leastCommonMultiple(4, divides ? heads : hasOwn ? 1 : isRotary ? 2 * heads : heads);
  if (width % step === 0) return [];
  const better = Math.max(1, Math.round(width / step)) * step;
  const twice = isRotary && !divides;
  const of =
    hasOwn && !divides
      ? ''
      : ` and of ${twice ? 'twice ' : ''}\`${headsName}\`, which ${twice ? 'are' : 'is'} ${heads}`;
  const message = `\`${widthName}\` is ${width}; it must be a multiple of 4${of}.`;
  const fix = setFix(
    `Set ${widthName}: ${better}`,
    rootMap(node.document),
    [...PATH, widthName],
    String(better),
  );
  return [problem('tune/inconsistent-settings', node, message, [fix])];
}

/** Rotary positions turn the values of a head in pairs. */
function checkHeadWidth(fields: Fields): Problem[] {
  const node = fields.node(...PATH, 'head_dim');
  const width = fields.number(...PATH, 'head_dim');
  if (!node || width === undefined || width % 2 === 0) return [];
  const fix = setFix(
    `Set head_dim: ${width + 1}`,
    rootMap(node.document),
    [...PATH, 'head_dim'],
    String(width + 1),
  );
  return [
    problem('tune/inconsistent-settings', node, `\`head_dim\` is ${width}; it must be an even number.`, [
      fix,
    ]),
  ];
}

/** Heads that share keys and values do so in groups of one size. */
function checkGroups(fields: Fields): Problem[] {
  const name = 'num_key_value_heads';
  const node = fields.node(...PATH, name) ?? fields.node(...PATH, 'num_attention_heads');
  const shared = sizeOf(fields, name);
  const heads = sizeOf(fields, 'num_attention_heads');
  if (!node || !shared || !heads || heads % shared === 0) return [];
  const message = `\`num_attention_heads\` is ${heads}, which is no multiple of \`${name}\`: ${shared}. Take a divisor of ${heads}.`;
  const fix = setFix(`Set ${name}: ${heads}`, rootMap(node.document), [...PATH, name], String(heads));
  return [problem('tune/inconsistent-settings', node, message, [fix])];
}

/** Encoders take every activation that there is; decoders with gates have one. */
function checkActivation(fields: Fields, family: ScratchFamily): Problem[] {
  const node = fields.node(...PATH, 'hidden_act');
  const value = fields.string(...PATH, 'hidden_act');
  const own = familyDefault(family, 'hidden_act');
  const taken = family === 'gemma' ? [own, 'gelu'] : [own];
  const isGated = familiesWith('rms_norm_eps').includes(family);
  if (!node || value === undefined || typeof own !== 'string' || !isGated || taken.includes(value)) return [];
  const message = `\`hidden_act\` of \`${family}\` is \`${own}\`, not \`${value}\`. Take that.`;
  const fix = setFix(`Change to ${own}`, rootMap(node.document), [...PATH, 'hidden_act'], own);
  return [problem('tune/inconsistent-settings', node, message, [fix])];
}

/** `layer_types` says of each layer what it is. */
function checkLayerTypes(fields: Fields): Problem[] {
  const node = fields.node(...PATH, 'layer_types');
  const layers = sizeOf(fields, 'num_hidden_layers');
  if (node?.type !== 'seq' || layers === undefined || node.items.length === layers) return [];
  const count = node.items.length;
  const message = `\`layer_types\` has ${count === 1 ? '1 entry' : `${count} entries`}, and \`num_hidden_layers\` is ${layers}. Name the kind of each layer.`;
  const fix = setFix(
    `Set num_hidden_layers: ${count}`,
    rootMap(node.document),
    [...PATH, 'num_hidden_layers'],
    String(count),
  );
  return [problem('tune/inconsistent-settings', node, message, [fix])];
}

/** Gemma 2 and 3 say by `layer_types` which layers have no window; transformers builds none with `null`. */
function checkWindow(fields: Fields, family: ScratchFamily): Problem[] {
  const entry = entryOf(valueAt(fields.root, ...PATH), 'sliding_window');
  if (!entry || !familiesWith('layer_types').includes(family)) return [];
  const node = entry.value;
  if (node.type !== 'scalar' || node.value !== null || node.unresolved) return [];
  const message = `\`${family}\` needs a \`sliding_window\`. Name the layers without one as \`full_attention\` in \`layer_types\`.`;
  return [problem('tune/inconsistent-settings', node, message, [removeFix('Remove sliding_window', entry)])];
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y > 0) [x, y] = [y, x % y];
  return (a / x) * b;
}
