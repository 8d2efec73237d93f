import { alternatives, type FieldSchema } from '../schema/navigate.ts';
import { writeValue } from '../write-value.ts';
import { describeType } from './describe-type.ts';

/** Everything the schema says about a field, as Markdown: hovers and completions show it. */
export function fieldMarkdown(name: string, schema: FieldSchema, required = false): string {
  const lines = [`**${name}** · ${describeType(schema)}${required ? ' · required' : ''}`];
  if (schema.description) lines.push(schema.description);
  lines.push(...valueLines(schema));
  const facts = [describeDefault(schema), describeCounterpart(schema)].filter((each) => each !== undefined);
  if (facts.length > 0) lines.push(facts.join('  \n'));
  return lines.join('\n\n');
}

/** The sentence about one value of a field; `undefined` where the schema has none. */
export function valueSentence(schema: FieldSchema, value: unknown): string | undefined {
  for (const each of alternatives(schema)) {
    const index = each.enum?.indexOf(value) ?? -1;
    if (index >= 0) return each.enumDescriptions?.[index] ?? schema.enumDescriptions?.[index];
  }
  return undefined;
}

/** `Default: …`, where there is one that says something. */
export function describeDefault(schema: FieldSchema): string | undefined {
  if (schema.default === undefined || schema.default === null) return undefined;
  return `Default: \`${writeValue(schema.default)}\``;
}

/** What the field is called elsewhere. */
export function describeCounterpart(schema: FieldSchema): string | undefined {
  const counterpart = schema['x-counterpart'];
  return counterpart === undefined ? undefined : `Same as \`${counterpart}\``;
}

function valueLines(schema: FieldSchema): string[] {
  const items = alternatives(schema).flatMap((each) => (each.items ? alternatives(each.items) : [each]));
  const list = items.flatMap((each) =>
    (each.enum ?? []).flatMap((value, index) => {
      const sentence = each.enumDescriptions?.[index];
      return sentence === undefined ? [] : [`- \`${writeValue(value)}\`: ${sentence}`];
    }),
  );
  return list.length === 0 ? [] : [list.join('\n')];
}
