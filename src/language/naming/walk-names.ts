import { merged } from '../effective.ts';
import { follow, type Followed } from '../follow.ts';
import { entryOf, scalarsIn, valueAt } from '../node.ts';
import type { Project } from '../project.ts';
import type { ScalarNode, TuneDocument } from '../tree.ts';
import { placedSlots } from '../variables/placed-slots.ts';
import { meaningOf } from '../variables/slots.ts';
import { literalStart } from './literal-start.ts';
import { namingMap, type Named, type NamePlace } from './named.ts';
import { referencesIn, type Reference } from './walk-references.ts';

/** A name with the place where it is written. */
export type NameUse = Named & { place: NamePlace };

/** All names that are written in a document: those it gives and those it refers to. Names that mean nothing are left out. */
export function* namesIn(project: Project, document: TuneDocument): Generator<NameUse> {
  const { root, kind, header, name } = document;
  if (!root || !kind || root.type !== 'map') return;
  if (header && name !== undefined && header.value.type === 'scalar') {
    yield { what: 'document', name, document, place: whole(header.value, true) };
  }
  yield* givenNames(document);
  yield* variablesIn(project, document);
  for (const reference of referencesIn(document)) {
    const followed = follow(project, document, reference.kind, reference.text);
    if (followed) yield* referredNames(reference, followed);
  }
}

function* givenNames(document: TuneDocument): Generator<NameUse> {
  const naming = namingMap(document);
  if (!naming || document.root?.type !== 'map') return;
  const map = document.root.entries.findLast((entry) => entry.name === naming.field)?.value;
  if (map?.type !== 'map') return;
  for (const { key, name } of map.entries) {
    yield { what: naming.what, name, document, place: whole(key, true) };
  }
}

/** The variables that a document gives, and each `${vars.NAME}` that stands for one, in it or in what it inherits. */
function* variablesIn(project: Project, document: TuneDocument): Generator<NameUse> {
  if (document.root?.type !== 'map') return;
  const own = entryOf(document.root, 'vars')?.value;
  if (own?.type === 'map')
    for (const { key, name } of own.entries)
      yield { what: 'variable', name, document, place: whole(key, true) };
  const inherited = valueAt(merged(project, document), 'vars');
  const known = new Set(inherited?.type === 'map' ? inherited.entries.map(({ name }) => name) : []);
  if (known.size === 0) return;
  for (const node of scalarsIn(document.root)) yield* slotNames(node, known, document);
}

function* slotNames(
  node: ScalarNode,
  known: ReadonlySet<string>,
  document: TuneDocument,
): Generator<NameUse> {
  for (const { slot, start } of placedSlots(node)) {
    const meaning = meaningOf(slot.expression);
    if (meaning?.of !== 'vars' || !known.has(meaning.name)) continue;
    const { name } = meaning;
    const inSlot = slot.text.lastIndexOf(name);
    const place =
      start === undefined
        ? { start: node.start, end: node.end, at: 0 }
        : { start: start + inSlot, end: start + inSlot + name.length, at: slot.start + inSlot };
    // Where escapes keep it from standing there letter by letter it cannot be changed.
    const use = { node, ...place, isDefinition: false, isPinned: start === undefined };
    yield { what: 'variable', name, document, place: use };
  }
}

/** `[FILE#]NAME`, `[FILE#]NAME.SPLIT`, `run:NAME`, `NAME@ID`: the names that are in it. */
function* referredNames({ node, text, kind }: Reference, { document, split }: Followed): Generator<NameUse> {
  if (kind === 'candidate') {
    yield { what: 'candidate', name: text, document, place: part(node, text, 0, text.length) };
    return;
  }
  const at = text.indexOf('@');
  const isPinned = split === undefined && at >= 0;
  let end = isPinned ? at : text.length;
  if (split !== undefined) {
    const place = part(node, text, end - split.length, end);
    yield { what: 'split', name: split, document, place };
    end -= split.length + 1;
  }
  const { name } = document;
  if (name === undefined || !text.slice(0, end).endsWith(name)) return;
  yield {
    what: 'document',
    name,
    document,
    place: { ...part(node, text, end - name.length, end), isPinned },
  };
}

function whole(node: ScalarNode, isDefinition: boolean): NamePlace {
  return { ...part(node, String(node.value), 0, String(node.value).length), isDefinition };
}

/** A part of a scalar's text in the file; the whole scalar where escapes or line breaks keep it from being found there. */
function part(node: ScalarNode, text: string, from: number, to: number): NamePlace {
  const start = literalStart(node, text);
  const span =
    start === undefined ? { start: node.start, end: node.end } : { start: start + from, end: start + to };
  return { node, ...span, at: from, isDefinition: false, isPinned: false };
}
