import { valueSentence } from '../help/field-markdown.ts';
import { describeType } from '../help/describe-type.ts';
import { alternatives, mapSchema, type FieldSchema } from '../schema/navigate.ts';
import { writeValue } from '../write-value.ts';
import type { Suggestion } from './types.ts';

/** The values that the schema itself names: enumerations, booleans, examples, the default, `null`. */
export function suggestValues(schema: FieldSchema): Suggestion[] {
  const offered = new Map<string, Suggestion>();
  const offer = (value: unknown, note: string, detail?: string) => {
    const text = writeValue(value);
    const isDefault = schema.default !== undefined && writeValue(schema.default) === text;
    if (offered.has(text)) return;
    offered.set(text, {
      ...(typeof value === 'string' ? { value } : { yaml: text }),
      label: text,
      kind: 'value',
      ...((detail ?? isDefault) && { detail: detail ?? 'default' }),
      documentation: [`**${text}**`, note, schema.description ?? ''].filter(Boolean).join('\n\n'),
    });
  };
  for (const each of alternatives(schema)) {
    for (const value of each.enum ?? []) offer(value, valueSentence(schema, value) ?? '');
    if (each.const !== undefined) offer(each.const, '');
    if (each.type === 'boolean') for (const value of [true, false]) offer(value, '');
  }
  for (const value of schema.examples ?? []) offer(value, 'A usual value.');
  const { default: usual } = schema;
  if (usual !== undefined && usual !== null) offer(usual, 'The same as leaving the field out.');
  for (const value of listValues(schema)) offer([value], valueSentence(itemsOf(schema) ?? {}, value) ?? '');
  if (alternatives(schema).some(({ type }) => type === 'null')) {
    offer(null, 'The same as leaving the field out.', 'unset');
  }
  return [...offered.values()];
}

/** Brackets to write a list or a map in, where one may stand and nothing better is known. */
export function suggestBrackets(schema: FieldSchema): Suggestion[] {
  const documentation = `${describeType(schema)}\n\n${schema.description ?? ''}`;
  const suggestions: Suggestion[] = [];
  if (alternatives(schema).some(({ type }) => type === 'array')) {
    suggestions.push({ label: '[ ]', kind: 'value', detail: 'a list', snippet: '[$1]', documentation });
  }
  if (mapSchema(schema)) {
    suggestions.push({ label: '{ }', kind: 'value', detail: 'a map', snippet: '{ $1 }', documentation });
  }
  return suggestions;
}

function itemsOf(schema: FieldSchema): FieldSchema | undefined {
  return alternatives(schema).find(({ type }) => type === 'array')?.items;
}

function listValues(schema: FieldSchema): readonly unknown[] {
  return itemsOf(schema)?.enum ?? [];
}
