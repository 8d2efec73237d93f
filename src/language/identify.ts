import type { Entry, Node, TuneDocument } from './tree.ts';
import { KINDS, type Kind } from './schema/kinds.ts';
import { fieldsOf, schemaOf } from './schema/navigate.ts';

/** What a document is: the one kind word among its fields, and the name behind it. */
export type Identity = Pick<TuneDocument, 'kind' | 'name' | 'header'>;

/** Finds what a document with this content is. */
export function identify(root: Node | undefined): Identity {
  const [header] = kindWords(root);
  if (!header || !isKind(header.name)) return { kind: undefined, name: undefined, header: undefined };
  const { value } = header;
  const name = value.type === 'scalar' && value.value !== null ? String(value.value) : undefined;
  return { kind: header.name, name, header };
}

/**
 * The entries that could say what a document is, each word once. `run` in a sweep and `evaluate` in an objective are
 * fields of theirs that name another document.
 */
export function kindWords(root: Node | undefined): Entry[] {
  const words = new Map<string, Entry>();
  for (const entry of root?.type === 'map' ? root.entries : []) {
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
