import { suggestFields } from './completion/suggest-fields.ts';
import { suggestFromFacts } from './completion/suggest-facts.ts';
import { suggestKinds } from './completion/suggest-kinds.ts';
import { suggestReferences } from './completion/suggest-references.ts';
import { suggestVariables } from './completion/suggest-variables.ts';
import { suggestBrackets, suggestValues } from './completion/suggest-values.ts';
import type { Layout } from './completion/snippet.ts';
import type { Completion, CompletionContext, Suggestion } from './completion/types.ts';
import { fitMetrics } from './completion/fit-metrics.ts';
import { fitSuggestion } from './completion/fit-suggestion.ts';
import { keepSound } from './completion/keep-sound.ts';
import { findCursor } from './cursor.ts';
import type { LanguageHost } from './host.ts';
import type { Project } from './project.ts';
import {
  alternatives,
  childSchema,
  mapSchema,
  schemaAt,
  schemaOf,
  type FieldSchema,
} from './schema/navigate.ts';

export type { Completion } from './completion/types.ts';

/** A place in a project's file to complete at. */
export interface CompletionRequest {
  project: Project;
  /** The file, absolute. */
  path: string;
  /** UTF-16 code units from the start of the file. */
  offset: number;
  host: LanguageHost;
  signal?: AbortSignal;
}

/**
 * What can be written at the cursor, best first. Works on half-written and broken files. Rejects only with the signal's
 * reason or what the host throws.
 */
export async function complete({
  project,
  path,
  offset,
  host,
  signal,
}: CompletionRequest): Promise<Completion[]> {
  const file = project.files.get(path);
  const cursor = file && findCursor(file.text, offset, file.slices);
  if (!file || !cursor) return [];
  const document = file.documents.find(
    ({ start, end }) => start >= cursor.slice.start && end <= cursor.slice.end,
  );
  const typed = file.text.slice(cursor.start + (cursor.quote ? 1 : 0), Math.max(offset, cursor.start));
  const context: CompletionContext = { project, file, document, cursor, typed, host, signal };
  const suggestions = await suggest(context);
  const fitted = suggestions.flatMap((suggestion, index) => fitSuggestion(suggestion, context, index) ?? []);
  return keepSound(file, fitted);
}

async function suggest(context: CompletionContext): Promise<Suggestion[]> {
  const { cursor, file } = context;
  const newline = file.text.includes('\r\n') ? '\r\n' : '\n';
  const layout: Layout = { column: cursor.column, flow: cursor.flow, newline };
  if (!cursor.kind)
    return cursor.place === 'key' && cursor.path.length === 0 ? suggestKinds(context, layout) : [];
  const schema = schemaAt(schemaOf(cursor.kind), cursor.path);
  if (!schema || cursor.path[0] === cursor.kind) return [];
  const map = mapSchema(schema);
  if (cursor.place === 'key' && map) return suggestFields(context, map, layout);
  const behindDash = { ...layout, column: cursor.column + DASH };
  if (cursor.place === 'item') {
    const items = childSchema(schema, 0);
    return items ? suggestItem(context, items, behindDash) : [];
  }
  const isItem = typeof cursor.path.at(-1) === 'number';
  return isItem ? suggestItem(context, schema, behindDash) : suggestAll(context, schema);
}

/** Columns that a dash and the space behind it take. */
const DASH = 2;

/** What an item of a list can be: behind a dash a map begins with one of its fields. */
async function suggestItem(
  context: CompletionContext,
  schema: FieldSchema,
  layout: Layout,
): Promise<Suggestion[]> {
  const map = mapSchema(schema);
  const begins = map && !context.cursor.flow && context.cursor.quote === undefined;
  const fields = begins ? suggestFields(context, map, layout) : [];
  return [...fields, ...(await suggestAll(context, schema))];
}

/** Everything that a value could be: what lies in the workspace and in the data before what the schema lists. */
async function suggestAll(context: CompletionContext, schema: FieldSchema): Promise<Suggestion[]> {
  const field = context.cursor.path.filter((step) => typeof step === 'string').join('.');
  const kinds = new Set([schema, ...alternatives(schema)].flatMap((each) => each['x-reference'] ?? []));
  const references = await Promise.all([...kinds].map((kind) => suggestReferences(context, kind, schema)));
  const variables = suggestVariables(context);
  if (variables.length > 0) return variables;
  const listed = suggestValues(schema);
  const isMetric = context.cursor.kind === 'evaluate' && field === 'metrics';
  const suggestions = [
    ...references.flat(),
    ...(await suggestFromFacts(context, field)),
    ...(isMetric ? fitMetrics(context, listed) : listed),
    ...(context.cursor.place === 'value' ? suggestBrackets(schema) : []),
  ];
  const { siblings } = context.cursor;
  const inList = typeof context.cursor.path.at(-1) === 'number' || context.cursor.place === 'item';
  return inList ? suggestions.filter(({ label }) => !siblings.includes(label)) : suggestions;
}
