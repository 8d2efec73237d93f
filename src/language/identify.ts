import type { TuneDocument } from './tree.ts';
import { rootMap } from './node.ts';
import { KINDS, type Kind } from './schema/kinds.ts';

/** Finds what a document is: the one kind word among its fields, and the name behind it. */
export function identify(document: TuneDocument): void {
  const headers = rootMap(document)?.entries.filter((entry) => isKind(entry.name)) ?? [];
  const header = headers[0];
  if (!header || !isKind(header.name)) return;
  document.kind = header.name;
  document.header = header;
  const value = header.value;
  if (value.type === 'scalar' && value.value !== null) document.name = String(value.value);
}

export function isKind(word: string): word is Kind {
  return KINDS.some((kind) => kind === word);
}
