import { effective } from '../effective.ts';
import { nodeAt } from '../inherited.ts';
import type { ScalarNode } from '../tree.ts';
import { variablesMarkdown } from './hover-variables.ts';
import { follow, referenceKind, schemaFor } from '../follow.ts';
import type { Located } from '../locate.ts';
import type { FieldSchema } from '../schema/navigate.ts';
import { writeValue } from '../write-value.ts';
import { fieldMarkdown, valueSentence } from './field-markdown.ts';
import { modelFacts, splitFacts } from './hover-facts.ts';
import { inheritanceMarkdown } from './inheritance-markdown.ts';
import { summariseDocument } from './summarise-document.ts';
import type { HoverRequest } from './types.ts';

/** The parts of an explanation of a value. */
export async function hoverValue(request: HoverRequest, located: Located): Promise<string[]> {
  const { document, path, node } = located;
  const schema = schemaFor(document, path);
  if (!schema || node.type !== 'scalar') return [];
  if (path.length === 1 && path[0] === document.kind) return [summariseDocument(request.project, document)];
  const kind = referenceKind(schema);
  const meant = substituted(request, located, node);
  const named =
    kind && typeof meant.value === 'string' ? await hoverReference(request, located, kind, meant.value) : [];
  const variables = variablesMarkdown(request.project, document, node);
  if (named.length > 0) return [variables, ...named];
  return [variables, describeValue(schema, { ...located, node: meant }), inherited(request, located)];
}

/** The value after substitution. */
function substituted({ project }: HoverRequest, { document, path }: Located, node: ScalarNode): ScalarNode {
  const found = node.value === null ? undefined : nodeAt(effective(project, document), path);
  return found?.type === 'scalar' && found.start === node.start && !found.unresolved ? found : node;
}

/** A value of an enumeration by its sentence, any other by its field. */
function describeValue(schema: FieldSchema, { path, node }: Located): string {
  const value = node.type === 'scalar' ? node.value : undefined;
  const sentence = valueSentence(schema, value);
  const field = fieldName(path);
  if (sentence === undefined) return fieldMarkdown(field, schema);
  return `**${writeValue(value)}** · a value of ${field}\n\n${sentence}\n\n${schema.description ?? ''}`;
}

async function hoverReference(
  request: HoverRequest,
  { document, path, node }: Located,
  kind: NonNullable<ReturnType<typeof referenceKind>>,
  value: string,
): Promise<string[]> {
  if (kind === 'data-file') return [await splitFacts(request, document, String(path[1]))].filter(Boolean);
  const followed = follow(request.project, document, kind, value);
  if (followed) {
    const facts =
      followed.split === undefined ? '' : await splitFacts(request, followed.document, followed.split);
    return [facts, summariseDocument(request.project, followed.document)].filter(Boolean);
  }
  if (kind === 'model') return [await modelFacts(request, node)].filter(Boolean);
  return [];
}

function inherited({ project }: HoverRequest, { document, path }: Located): string {
  return typeof path.at(-1) === 'number' ? '' : inheritanceMarkdown(project, document, path);
}

/** The field that a value or an item belongs to. */
function fieldName(path: readonly (string | number)[]): string {
  return path.findLast((step) => typeof step === 'string') ?? '';
}
