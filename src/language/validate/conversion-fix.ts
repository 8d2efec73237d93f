import { nearest } from '../nearest.ts';
import { replaceFix, yamlString, type Fix } from '../problem.ts';
import { alternatives, fieldsOf, mapSchema, namedValues, type FieldSchema } from '../schema/navigate.ts';
import { THRESHOLD_PATTERN } from '../schema/objective.ts';
import type { Node, ScalarNode } from '../tree.ts';
import { writeValue } from '../write-value.ts';

/** The same value in the type that a field takes, where it is clear what is meant. */
export function conversionFix(node: Node, schema: FieldSchema): Fix | undefined {
  const text = node.type === 'scalar' ? convertScalar(node, schema) : convertList(node, schema);
  return text === undefined ? undefined : replaceFix(`Change to ${text}`, node, text);
}

function convertScalar(node: ScalarNode, schema: FieldSchema): string | undefined {
  for (const each of alternatives(schema)) {
    const text = convertTo(node, each);
    if (text !== undefined) return text;
  }
  return undefined;
}

function convertTo({ value }: ScalarNode, schema: FieldSchema): string | undefined {
  if (value === null) return undefined;
  if (schema.enum) return convertToEnum(value, schema.enum);
  const type: string = schema.type ?? '';
  switch (type) {
    case 'number':
    case 'integer':
      return typeof value === 'string' ? toNumber(value, type) : undefined;
    case 'boolean':
      return toBoolean(value);
    case 'string':
      if (schema.pattern === THRESHOLD_PATTERN && typeof value === 'number')
        return JSON.stringify(`>= ${value}`);
      return typeof value === 'string' ? undefined : JSON.stringify(String(value));
    case 'array':
      return schema.items?.type === 'string' ? `[${asText(value)}]` : undefined;
    case 'object':
      return convertToMap(value, schema);
    default:
      return undefined;
  }
}

function convertToEnum(value: string | number | boolean, values: readonly unknown[]): string | undefined {
  if (value === false && values.includes('no')) return 'no';
  return values.includes(String(value)) ? JSON.stringify(String(value)) : undefined;
}

function toNumber(text: string, type: string): string | undefined {
  const plain = text.trim().replace(/(?<=\d)[_,](?=\d{3}\b)/g, '');
  const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(plain)?.[1];
  const number = percent === undefined ? Number(plain || NaN) : Number(percent) / 100;
  if (!Number.isFinite(number) || (type === 'integer' && !Number.isInteger(number))) return undefined;
  return writeValue(number);
}

function toBoolean(value: string | number | boolean): string | undefined {
  const word = String(value).toLowerCase();
  if (['yes', 'on', 'true', '1'].includes(word)) return 'true';
  return ['no', 'off', 'false', '0'].includes(word) ? 'false' : undefined;
}

/** A word where a map belongs: the field of that name (`lora` → `{ lora: {} }`), or the one that every map has. */
function convertToMap(value: string | number | boolean, schema: FieldSchema): string | undefined {
  if (typeof value !== 'string') return undefined;
  const fields = fieldsOf(schema);
  const section = nearest(
    value,
    Object.keys(fields).filter((name) => mapSchema(fields[name] ?? {})),
  );
  if (section !== undefined) return `{ ${section}: {} }`;
  if (namedValues(schema) && !mapSchema(namedValues(schema) ?? {})) return `{ train: ${yamlString(value)} }`;
  const [needed] = schema.required ?? [];
  return needed !== undefined && fields[needed]?.type === 'string'
    ? `{ ${needed}: ${yamlString(value)} }`
    : undefined;
}

/** A list of one item where that item alone belongs. */
function convertList(node: Node, schema: FieldSchema): string | undefined {
  const [only, second] = node.type === 'seq' ? node.items : [];
  if (only?.type !== 'scalar' || second) return undefined;
  const fits = alternatives(schema).some(
    (each) =>
      (each.enum?.includes(only.value) ?? false) ||
      each.type === typeof only.value ||
      (each.type === 'integer' && Number.isInteger(only.value)),
  );
  return fits ? writeValue(only.value) : undefined;
}

function asText(value: string | number | boolean): string {
  return typeof value === 'string' ? yamlString(value) : JSON.stringify(String(value));
}
