import { dirname, resolvePath } from './path.ts';
import type { ReferenceKind } from './schema/field.ts';
import {
  alternatives,
  childSchema,
  fieldsOf,
  isChoice,
  mapSchema,
  type FieldSchema,
} from './schema/navigate.ts';
import type { MapNode, Node, ScalarNode } from './tree.ts';

/** What a string of a kind starts with where it is no path. */
const NO_PATH: Partial<Record<ReferenceKind, RegExp>> = {
  model: /^(hf:|run:|scratch$)/,
  tokenizer: /^hf:/,
  'data-file': /^hf:/,
  folder: /^$/,
};

/**
 * The plain value of a node with what its schema says: defaults where a field is unset or `null`, paths made absolute
 * from the file they stand in. Call it only on what has been found valid.
 */
export function resolveValue(node: Node, schema: FieldSchema): unknown {
  if (node.type === 'map') return resolveMap(node, mapSchema(schema) ?? {});
  if (node.type === 'seq') {
    const items = childSchema(schema, 0) ?? {};
    return node.items.map((item) => resolveValue(item, items));
  }
  return resolveScalar(node, schema);
}

function resolveMap(node: MapNode, schema: FieldSchema): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const { name, value: child } of node.entries) {
    if (child.type === 'scalar' && child.value === null) continue;
    value[name] = resolveValue(child, childSchema(schema, name) ?? {});
  }
  return fillDefaults(value, schema);
}

function resolveScalar({ value, document }: ScalarNode, schema: FieldSchema): unknown {
  if (typeof value !== 'string') return value;
  const pattern = alternatives(schema)
    .map((each) => each['x-reference'] && NO_PATH[each['x-reference']])
    .find((each) => each !== undefined);
  return pattern && !pattern.test(value) ? resolvePath(dirname(document.file.path), value) : value;
}

/** Adds the default of each field that is unset, and the defaults inside of it. Of a choice none is added. */
export function fillDefaults(value: Record<string, unknown>, schema: FieldSchema): Record<string, unknown> {
  if (isChoice(schema)) return value;
  for (const [name, field] of Object.entries(fieldsOf(schema))) {
    if (value[name] !== undefined || field.default === undefined) continue;
    value[name] = filledDefault(field);
  }
  return value;
}

/** The default of a field, with the defaults inside of it. */
export function filledDefault(field: FieldSchema): unknown {
  const copy = structuredClone(field.default);
  const map = mapSchema(field);
  if (!map || typeof copy !== 'object' || copy === null || Array.isArray(copy)) return copy;
  const filled: Record<string, unknown> = { ...copy };
  for (const [name, child] of Object.entries(fieldsOf(map))) {
    const given = filled[name];
    if (typeof given === 'object' && given !== null && !Array.isArray(given)) {
      filled[name] = fillDefaults({ ...given }, child);
    }
  }
  return fillDefaults(filled, map);
}
