import { NAME_PATTERN, type ReferenceKind } from '../schema/field.ts';
import { MODULE_PATTERN } from '../schema/lora.ts';
import { THRESHOLD_PATTERN } from '../schema/objective.ts';
import {
  alternatives,
  choicesOf,
  fieldsOf,
  mapSchema,
  namedValues,
  type FieldSchema,
} from '../schema/navigate.ts';
import { writeValue } from '../write-value.ts';

const REFERENCES: Record<ReferenceKind, string> = {
  extends: 'the name of a document, `NAME` or `FILE#NAME`',
  split: 'a split, `DATASET.SPLIT`',
  run: 'a run, `NAME` or `NAME@ID`',
  'run-document': 'the name of a run, `NAME` or `FILE#NAME`',
  'evaluate-document': 'the name of an evaluation, `NAME` or `FILE#NAME`',
  prompt: 'the name of a prompt, `NAME` or `FILE#NAME`',
  candidate: 'the name of a candidate',
  model: 'a model',
  'data-file': 'a file',
  tokenizer: 'a folder',
  folder: 'a folder',
  column: 'the name of a column',
};

/** What a field takes, as a phrase with Markdown code: ``one of `linear`, `cosine` ``, `a number above 0`. */
export function describeType(schema: FieldSchema): string {
  const members = alternatives(schema).map(describeOne);
  return [...new Set(members)].join(' or ');
}

function describeOne(schema: FieldSchema): string {
  if (schema.enum) {
    const values = schema.enum.map(code);
    return values.length === 1 ? `${values[0] ?? ''}` : `one of ${values.join(', ')}`;
  }
  if (schema.const !== undefined) return code(schema.const);
  const type: string = schema.type ?? '';
  switch (type) {
    case 'null':
      return '`null`';
    case 'boolean':
      return '`true` or `false`';
    case 'integer':
      return `a whole number${describeRange(schema)}`;
    case 'number':
      if (!schema.anyOf) return `a number${describeRange(schema)}`;
      return `a whole number${schema.exclusiveMinimum === 0 ? ' from 1' : ''}, or a fraction below 1`;
    case 'array':
      return describeList(schema);
    case 'object':
      return describeMap(schema);
    default:
      return describeText(schema);
  }
}

function describeRange({ minimum, exclusiveMinimum, maximum, exclusiveMaximum }: FieldSchema): string {
  const low =
    minimum !== undefined
      ? `from ${writeValue(minimum)}`
      : exclusiveMinimum !== undefined
        ? `above ${writeValue(exclusiveMinimum)}`
        : undefined;
  const high =
    maximum !== undefined
      ? `up to ${writeValue(maximum)}`
      : exclusiveMaximum !== undefined
        ? `below ${writeValue(exclusiveMaximum)}`
        : undefined;
  if (low === undefined && high === undefined) return '';
  return ` ${[low, high].filter((each) => each !== undefined).join(' and ')}`;
}

function describeText(schema: FieldSchema): string {
  const reference = schema['x-reference'];
  if (reference) return REFERENCES[reference];
  if (schema.pattern === THRESHOLD_PATTERN) return 'a comparison with a number, such as `">= 0.9"`';
  if (schema.pattern === MODULE_PATTERN) return 'a regular expression';
  return schema.pattern === NAME_PATTERN ? 'a name' : 'a text';
}

function describeList({ items, minItems, uniqueItems }: FieldSchema): string {
  const of = items ? ` of ${plural(items)}` : '';
  const least = minItems === undefined ? '' : `, at least ${minItems}`;
  return `a list${of}${least}${uniqueItems ? ', none twice' : ''}`;
}

function plural(items: FieldSchema): string {
  if (items.enum) return items.enum.map(code).join(', ');
  if (items['x-reference'] === 'data-file') return 'files';
  if (mapSchema(items)) return 'maps';
  return items.type === 'string' ? 'texts' : 'values';
}

function describeMap(schema: FieldSchema): string {
  const names = Object.keys(fieldsOf(schema)).map((name) => `\`${name}\``);
  if (choicesOf(schema).length > 0)
    return `a map with one of ${choicesOf(schema)
      .map((name) => `\`${name}\``)
      .join(', ')}`;
  if (namedValues(schema)) return 'a map whose names are yours';
  return names.length === 0 ? 'an empty map, `{}`' : 'a map';
}

function code(value: unknown): string {
  return `\`${writeValue(value)}\``;
}
