import { fieldMarkdown } from '../help/field-markdown.ts';
import { inheritedValues } from '../inherited.ts';
import {
  alternatives,
  choicesOf,
  fieldsOf,
  namedValues,
  namePattern,
  schemaAt,
  schemaOf,
  type FieldSchema,
} from '../schema/navigate.ts';
import { FIELD_PATH_PATTERN } from '../schema/sweep.ts';
import { sweptPaths } from '../swept-paths.ts';
import { toValue } from '../node.ts';
import { writeValue } from '../write-value.ts';
import { SnippetWriter, type Layout } from './snippet.ts';
import type { CompletionContext, Suggestion } from './types.ts';

/** Names that people give their splits. */
const USUAL_SPLITS: Record<string, string> = {
  train: 'The rows that models are trained on.',
  validation: 'The rows that settings are chosen on.',
  test: 'The rows that are kept for the last evaluation.',
};

/** The fields that a map can still take, those that it must have first. */
export function suggestFields(context: CompletionContext, schema: FieldSchema, layout: Layout): Suggestion[] {
  const { cursor } = context;
  const choices = choicesOf(schema);
  const chosen = choices.some((name) => cursor.siblings.includes(name));
  const closed = new Set([...cursor.siblings, ...(chosen ? choices : [])]);
  if (cursor.path.length === 0 && cursor.kind) closed.add(cursor.kind);
  const open = Object.entries(fieldsOf(schema)).filter(([name]) => !closed.has(name));
  const fields = open.map(([name, field]) => {
    const inherited = inheritedOf(context, name);
    const required = (schema.required ?? []).includes(name) && inherited === undefined;
    return { required, suggestion: suggestField({ name, field, required, inherited, layout, context }) };
  });
  return [...fields.filter(({ required }) => required), ...fields.filter(({ required }) => !required)]
    .map(({ suggestion }) => suggestion)
    .concat(suggestNames(context, schema, layout));
}

interface FieldToSuggest {
  name: string;
  field: FieldSchema;
  required: boolean;
  /** What the field is without being written here. */
  inherited: string | undefined;
  layout: Layout;
  context: CompletionContext;
}

function suggestField({ name, field, required, inherited, layout, context }: FieldToSuggest): Suggestion {
  const detail = required ? 'required' : inherited === undefined ? defaultOf(field) : inherited;
  const text = context.cursor.colon
    ? { yaml: name }
    : { snippet: new SnippetWriter(layout).field(name, field) };
  const documentation = fieldMarkdown(name, field, required);
  return { label: name, kind: 'field', documentation, ...(detail !== undefined && { detail }), ...text };
}

function defaultOf({ default: value }: FieldSchema): string | undefined {
  return value === undefined || value === null ? undefined : `default ${writeValue(value)}`;
}

function inheritedOf({ project, document, cursor }: CompletionContext, name: string): string | undefined {
  const [nearest] = document ? inheritedValues(project, document, [...cursor.path, name]) : [];
  if (!nearest) return undefined;
  const value = nearest.node.type === 'scalar' ? writeValue(toValue(nearest.node)) : 'set';
  return `${value}, from ${nearest.document.name ?? ''}`;
}

/** The fields of a run, for a sweep over them. */
function suggestFieldPaths(
  cursor: CompletionContext['cursor'],
  layout: Layout,
  values: FieldSchema,
): Suggestion[] {
  const field = { ...values, description: '' };
  return sweptPaths()
    .filter((path) => !cursor.siblings.includes(path))
    .map((path) => {
      const schema = schemaAt(schemaOf('run'), path.split('.')) ?? {};
      return {
        label: path,
        kind: 'field' as const,
        detail: 'field of the run',
        documentation: fieldMarkdown(path, schema),
        ...(cursor.colon ? { yaml: path } : { snippet: new SnippetWriter(layout).field(path, field) }),
      };
    });
}

/** In a map whose names are the person's own there is little to offer: the usual splits. */
function suggestNames({ cursor }: CompletionContext, schema: FieldSchema, layout: Layout): Suggestion[] {
  const values = namedValues(schema);
  if (values && namePattern(schema) === FIELD_PATH_PATTERN) return suggestFieldPaths(cursor, layout, values);
  if (!values || alternatives(values)[0]?.['x-reference'] !== 'data-file') return [];
  return Object.entries(USUAL_SPLITS)
    .filter(([name]) => !cursor.siblings.includes(name))
    .map(([name, sentence]) => ({
      label: name,
      kind: 'field',
      detail: 'split',
      documentation: `**${name}** · a split\n\n${sentence}\n\n${values.description ?? ''}`,
      ...(cursor.colon ? { yaml: name } : { snippet: new SnippetWriter(layout).field(name, values) }),
    }));
}
