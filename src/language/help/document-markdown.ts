import type { Kind } from '../schema/kinds.ts';
import { schemaOf } from '../schema/navigate.ts';

/** What a kind of document is, as Markdown. */
export function describeDocument(kind: Kind): string {
  const schema = schemaOf(kind);
  const name = schema.properties?.[kind]?.description ?? '';
  return `**${kind}** · a document\n\n${schema.description ?? ''}\n\n${name}`;
}
