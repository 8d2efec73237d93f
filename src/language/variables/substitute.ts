import { alternatives, childSchema, type FieldSchema } from '../schema/navigate.ts';
import type { Entry, MapNode, Node, ScalarNode, SeqNode } from '../tree.ts';
import { isList, type Scope } from './scope.ts';
import { hasSlots, slotsOf } from './slots.ts';

/** Fields at the top of a document whose text says what is what, and so stays as it is. */
const KEPT = new Set(['extends', 'vars']);

/**
 * A document with every `${…}` replaced. Nodes keep their place, so that a problem stands where the slot is written. What has no
 * value is marked as unresolved. A map without slots is given back itself.
 */
export function substitute(root: MapNode, schema: FieldSchema, scope: Scope): MapNode {
  const substitution = new Substitution(scope);
  const entries = root.entries.map((entry) =>
    KEPT.has(entry.name) || entry.name === root.document.kind ? entry : substitution.entry(entry, schema),
  );
  return entries.some((entry, index) => entry !== root.entries[index]) ? { ...root, entries } : root;
}

class Substitution {
  readonly #scope: Scope;
  /** Aliases make a value stand in many places: it is made once for each schema. */
  readonly #made = new Map<Node, Map<FieldSchema, Node>>();

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  entry(entry: Entry, schema: FieldSchema): Entry {
    const value = this.#node(entry.value, childSchema(schema, entry.name) ?? UNKNOWN);
    return value === entry.value ? entry : { ...entry, value };
  }

  #node(node: Node, schema: FieldSchema): Node {
    if (node.type === 'scalar') return inScalar(node, schema, this.#scope);
    const ofNode = this.#made.get(node) ?? new Map<FieldSchema, Node>();
    this.#made.set(node, ofNode);
    const known = ofNode.get(schema);
    if (known) return known;
    const made = this.#inside(node, schema);
    ofNode.set(schema, made);
    return made;
  }

  #inside(node: MapNode | SeqNode, schema: FieldSchema): Node {
    if (node.type === 'seq') {
      const of = childSchema(schema, 0) ?? UNKNOWN;
      const items = node.items.map((item) => this.#node(item, of));
      return items.some((item, index) => item !== node.items[index]) ? { ...node, items } : node;
    }
    const entries = node.entries.map((entry) => this.entry(entry, schema));
    return entries.some((entry, index) => entry !== node.entries[index]) ? { ...node, entries } : node;
  }
}

/** The schema of what the language does not know. */
const UNKNOWN: FieldSchema = {};

function inScalar(node: ScalarNode, schema: FieldSchema, scope: Scope): Node {
  const text = node.value;
  if (typeof text !== 'string' || !hasSlots(text)) return node;
  const written = { written: text };
  const slots = slotsOf(text);
  const [only] = slots;
  if (only?.text === text) {
    const found = scope.valueOf(only);
    if (found.value === undefined) return { ...node, ...written, unresolved: true };
    if (isList(found.value)) {
      const items = found.value.map((value) => ({ ...node, ...written, value }));
      const { document, start, end } = node;
      return { type: 'seq', document, start, end, flow: true, items };
    }
    const value = found.from === 'vars' ? found.value : fitted(String(found.value), schema);
    return { ...node, ...written, value };
  }
  const filled = scope.fill(text);
  if (filled === undefined) return { ...node, ...written, unresolved: true };
  return {
    ...node,
    ...(slots.length > 0 && written),
    value: slots.length > 0 ? fitted(filled, schema) : filled,
  };
}

/** A text as the number or truth value that it spells, where the field takes no text. */
function fitted(text: string, schema: FieldSchema): ScalarNode['value'] {
  const members = alternatives(schema);
  const takesText = members.some(
    (each) =>
      each.type === undefined ||
      each.type === 'string' ||
      (each.enum?.some((value) => typeof value === 'string') ?? false),
  );
  if (takesText) return text;
  if (text === 'true' || text === 'false') return text === 'true';
  const number = /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(text) ? Number(text) : NaN;
  return Number.isFinite(number) ? number : text;
}
