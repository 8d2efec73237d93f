import { schemaFor } from '../follow.ts';
import type { Located } from '../locate.ts';
import { describeDocument } from './document-markdown.ts';
import { fieldMarkdown } from './field-markdown.ts';
import { splitFacts } from './hover-facts.ts';
import { inheritanceMarkdown } from './inheritance-markdown.ts';
import type { HoverRequest } from './types.ts';

/** The parts of an explanation of a field. */
export async function hoverKey(request: HoverRequest, { document, path }: Located): Promise<string[]> {
  const { project } = request;
  const name = String(path.at(-1));
  if (path.length === 1 && name === document.kind) {
    return [describeDocument(document.kind), inheritanceMarkdown(project, document, [])];
  }
  const schema = schemaFor(document, path);
  if (!schema) return [];
  const required = schemaFor(document, path.slice(0, -1))?.required ?? [];
  // `extends` itself is never inherited: it is explained by what it brings.
  const subject = path.length === 1 && name === 'extends' ? [] : path;
  const isSplit = document.kind === 'dataset' && path[0] === 'files' && path.length === 2;
  return [
    fieldMarkdown(name, schema, required.includes(name)),
    inheritanceMarkdown(project, document, subject),
    isSplit ? await splitFacts(request, document, name) : '',
  ];
}
