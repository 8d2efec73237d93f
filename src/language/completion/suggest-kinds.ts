import { describeDocument } from '../help/document-markdown.ts';
import { KINDS } from '../schema/kinds.ts';
import { fieldsOf, schemaOf } from '../schema/navigate.ts';
import { SnippetWriter, type Layout } from './snippet.ts';
import type { CompletionContext, Suggestion } from './types.ts';

/** The kinds of documents, at the top of one that has none: those that take the fields there come first. */
export function suggestKinds({ cursor }: CompletionContext, layout: Layout): Suggestion[] {
  const fits = (kind: (typeof KINDS)[number]) => {
    const fields = fieldsOf(schemaOf(kind));
    return cursor.siblings.filter((name) => Object.hasOwn(fields, name)).length;
  };
  const kinds = [...KINDS].sort((a, b) => fits(b) - fits(a));
  return kinds.map((kind) => {
    const writer = new SnippetWriter(layout);
    const empty = cursor.siblings.length === 0 && !cursor.flow;
    return {
      label: kind,
      kind: 'kind',
      detail: 'document',
      documentation: describeDocument(kind),
      ...(cursor.colon
        ? { yaml: kind }
        : { snippet: empty ? writer.document(kind, schemaOf(kind)) : writer.header(kind) }),
    };
  });
}
