import type { Entry, TuneDocument } from './tree.ts';
import { rootMap } from './node.ts';
import { KINDS, type Kind } from './schema/kinds.ts';
import { fieldsOf, schemaOf } from './schema/navigate.ts';

/** Finds what a document is: the one kind word among its fields, and the name behind it. */
export function identify(document: TuneDocument): void {
  const [header] = kindWords(document);
  if (!header || !isKind(header.name)) return;
  document.kind = header.name;
  document.header = header;
  const value = header.value;
  if (value.type === 'scalar' && value.value !== null) document.name = String(value.value);
}

/**
 * The entries that could say what a document is, each word once. `run` in a sweep and `evaluate` in an objective are
 * fields of theirs that name another document.
 */
export function kindWords(document: TuneDocument): Entry[] {
  const words = new Map<string, Entry>();
  for (const entry of rootMap(document)?.entries ?? []) {
    if (isKind(entry.name) && !entry.merged && !words.has(entry.name)) words.set(entry.name, entry);
  }
  const telling = tellingWords([...words.keys()]);
  return [...words.values()].filter(({ name }) => telling.some((word) => word === name));
}

/** Of the names of a document's fields those that say what it is, in their order. */
export function tellingWords(names: readonly string[]): Kind[] {
  const kinds = names.filter((name) => isKind(name));
  return kinds.filter((word) =>
    kinds.every((other) => other === word || !Object.hasOwn(fieldsOf(schemaOf(other)), word)),
  );
}

export function isKind(word: string): word is Kind {
  return KINDS.some((kind) => kind === word);
}
