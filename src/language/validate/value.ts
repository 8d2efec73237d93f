import { describeType } from '../help/describe-type.ts';
import { nearest } from '../nearest.ts';
import { describe } from '../node.ts';
import { problem, replaceFix, yamlString, type Problem } from '../problem.ts';
import { NAME_PATTERN } from '../schema/field.ts';
import { LARGEST_COUNT, LARGEST_FLOAT } from '../schema/limits.ts';
import { alternatives, type FieldSchema } from '../schema/navigate.ts';
import type { Node, ScalarNode, SeqNode } from '../tree.ts';
import { conversionFix } from './conversion-fix.ts';

/** Whether a value is of the type, and a text of the form, that one alternative of a schema takes. */
export function isOfType(node: Node, schema: FieldSchema): boolean {
  if (schema.enum) return node.type === 'scalar' && schema.enum.some((each) => sameType(node, each));
  if (schema.const !== undefined) return node.type === 'scalar' && node.value === schema.const;
  if (schema.type === 'object') return node.type === 'map';
  if (schema.type === 'array') return node.type === 'seq';
  if (node.type !== 'scalar') return false;
  if (schema.type === 'null') return node.value === null;
  if (schema.type === 'integer') return typeof node.value === 'number';
  if (typeof node.value === 'string' && schema.pattern && !new RegExp(schema.pattern).test(node.value))
    return false;
  return typeof node.value === schema.type;
}

function sameType(node: ScalarNode, value: unknown): boolean {
  return node.value !== null && typeof node.value === typeof value;
}

/** A value that is of none of the types that the field takes. `name` is how the message calls the field. */
export function wrongType(node: Node, schema: FieldSchema, name: string): Problem {
  const literals = alternatives(schema).flatMap(({ const: literal }) =>
    typeof literal === 'string' ? [literal] : [],
  );
  const text = node.type === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
  const near = text === undefined ? undefined : nearest(text, literals);
  const message = `${name} takes ${describeType(schema)}, not ${describe(node)}.`;
  const fixes = [
    near === undefined ? undefined : replaceFix(`Change to ${near}`, node, near),
    conversionFix(node, schema),
  ];
  return problem('tune/wrong-type', node, message, fixes);
}

/** What is wrong with a scalar that is of the type that the schema takes; `undefined` for nothing. */
export function checkScalar(node: ScalarNode, schema: FieldSchema, name: string): Problem | undefined {
  if (schema.enum && !schema.enum.includes(node.value)) return unknownValue(node, schema, name);
  if (typeof node.value === 'number') return checkNumber(node, node.value, schema, name);
  if (typeof node.value === 'string' && schema.minLength !== undefined && node.value.trim() === '') {
    return problem('tune/out-of-range', node, `${name} is empty. Write ${describeType(schema)}.`);
  }
  return undefined;
}

function unknownValue(node: ScalarNode, schema: FieldSchema, name: string): Problem {
  const values = (schema.enum ?? []).map(String);
  const near = nearest(String(node.value), values);
  const hint = near === undefined ? '' : ` Did you mean \`${near}\`?`;
  const only = near === undefined && values.length === 1 ? values[0] : near;
  const message = `${name} takes ${describeType(schema)}, not ${describe(node)}.${hint}`;
  return problem('tune/unknown-value', node, message, [
    only === undefined ? undefined : replaceFix(`Change to ${only}`, node, yamlString(only)),
  ]);
}

function checkNumber(
  node: ScalarNode,
  value: number,
  schema: FieldSchema,
  name: string,
): Problem | undefined {
  if (schema.type === 'integer' && !Number.isInteger(value)) return wrongType(node, schema, name);
  const { minimum = -Infinity, maximum = Infinity, exclusiveMinimum = -Infinity } = schema;
  const { exclusiveMaximum = Infinity, anyOf } = schema;
  const inRange =
    Number.isFinite(value) &&
    value >= minimum &&
    value <= maximum &&
    value > exclusiveMinimum &&
    value < exclusiveMaximum &&
    // A number of steps, or a fraction.
    (!anyOf || value < 1 || Number.isInteger(value));
  if (inRange) return tooLarge(node, value, schema, name);
  return problem('tune/out-of-range', node, `${name} is ${value}; it takes ${describeType(schema)}.`);
}

/** A number that the field would take if the trainer could count to it. */
function tooLarge(node: ScalarNode, value: number, schema: FieldSchema, name: string): Problem | undefined {
  const isCount = schema.type === 'integer' || schema.anyOf !== undefined;
  const most = isCount ? LARGEST_COUNT : LARGEST_FLOAT;
  if (schema.maximum !== undefined || value <= most) return undefined;
  const what = isCount ? 'counts to' : 'computes with numbers up to';
  return problem(
    'tune/out-of-range',
    node,
    `${name} is ${value}; the trainer ${what} ${most}. Take a smaller number.`,
  );
}

/** What is wrong with the length of a list and with items that stand in it twice. */
export function checkList(node: SeqNode, schema: FieldSchema, name: string): Problem[] {
  const { minItems = 0, uniqueItems = false } = schema;
  if (node.items.length < minItems) {
    const count = node.items.length === 0 ? 'no item' : `only ${node.items.length}`;
    return [problem('tune/out-of-range', node, `${name} has ${count}; it takes ${describeType(schema)}.`)];
  }
  if (!uniqueItems) return [];
  const seen = new Set<unknown>();
  return node.items.flatMap((item, index) => {
    if (item.type !== 'scalar' || item.value === null) return [];
    const repeated = seen.has(item.value);
    seen.add(item.value);
    return repeated ? [duplicateItem(node, item, index, name)] : [];
  });
}

function duplicateItem(list: SeqNode, item: ScalarNode, index: number, name: string): Problem {
  const { file } = list.document;
  const before = list.items[index - 1];
  const message = `${name} has ${describe(item)} twice. Remove one of the two.`;
  // From the end of the item before to the end of this one: its comma, or its line and dash.
  const edits = before && [{ file, start: before.end, end: item.end, newText: '' }];
  return problem('tune/duplicate-item', item, message, [
    edits && { title: `Remove the second ${String(item.value)}`, edits },
  ]);
}

/** What is wrong with a name of the person's own: of a document, a split or a candidate. */
export function checkName(node: ScalarNode, what: string): Problem | undefined {
  const { value } = node;
  const rule = 'A name has letters, digits, `_` and `-`, and starts with a letter or a digit.';
  if (value === null) return problem('tune/name', node, `${what} has no name. Write one behind the colon.`);
  if (typeof value !== 'string') {
    const quoted = JSON.stringify(String(value));
    const fixes = pattern.test(String(value)) ? [replaceFix(`Write ${quoted}`, node, quoted)] : [];
    return problem(
      'tune/name',
      node,
      `The name of ${lower(what)} is ${describe(node)}. Put it in quotes.`,
      fixes,
    );
  }
  if (pattern.test(value)) return undefined;
  const better = value
    .replace(/ß/g, 'ss')
    // Letters with marks become those without.
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^[-_]+|-+$/g, '')
    .slice(0, 60);
  const message = `${describe(node).replace('the text ', '')} is not a name. ${rule}`;
  return problem('tune/name', node, message, better ? [replaceFix(`Change to ${better}`, node, better)] : []);
}

const pattern = new RegExp(NAME_PATTERN);

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
