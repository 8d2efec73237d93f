import { entryOf, rootMap, scalarAt } from './node.ts';
import type { Entry, MapNode, ScalarNode, TuneDocument } from './tree.ts';
import { once, type Made } from './once.ts';
import { wholeOf, type Project, type ProjectTrace } from './project.ts';
import { lookup } from './reference.ts';
import { Scope } from './variables/scope.ts';
import { substitute } from './variables/substitute.ts';
import { childSchema, choicesOf, mapSchema, schemaOf, type FieldSchema } from './schema/navigate.ts';

/** The documents that a document takes fields from, nearest first, and where that goes wrong. */
export interface Ancestry {
  ancestors: TuneDocument[];
  /** The `extends` value that closes a circle. */
  cycle?: ScalarNode;
}

const known: Made<Ancestry> = new WeakMap();

/** Follows `extends` from document to document. */
export function ancestry(project: Project, document: TuneDocument): Ancestry {
  const followed = once(known, project, document, () => follow(wholeOf(project), document));
  if (project.view) noteAncestry(project, project.view.trace, [document, ...followed.ancestors]);
  return followed;
}

/** What a trace was told already: a check asks for the same values again and again. */
const noted = new WeakMap<ProjectTrace, Set<TuneDocument>>();

/** What an effective value depends on: what the documents hold and extend, and what their `${…}` stand for. */
function noteAncestry(project: Project, trace: ProjectTrace, family: readonly TuneDocument[]): void {
  const told = noted.get(trace) ?? new Set();
  noted.set(trace, told);
  for (const each of family) {
    if (told.has(each)) continue;
    told.add(each);
    trace.document(each);
    const reference = scalarAt(each.root, 'extends')?.value;
    if (each.kind && typeof reference === 'string') lookup(project, each.file, each.kind, reference);
    if (!each.source.includes('${')) continue;
    const { path } = each.file;
    trace.answer(`slots of ${path}`, (now) => surroundings(now, path), surroundings(project, path));
  }
}

/** What `${…}` can stand for besides `vars`. */
function surroundings({ environment, workspaceOf }: Project, path: string): string {
  return JSON.stringify([environment, workspaceOf?.(path)]);
}

function follow(project: Project, document: TuneDocument): Ancestry {
  const ancestors: TuneDocument[] = [];
  const seen = new Set([document]);
  for (let current = document; ;) {
    const reference = scalarAt(current.root, 'extends');
    if (!reference || typeof reference.value !== 'string' || !current.kind) return { ancestors };
    const { found } = lookup(project, current.file, current.kind, reference.value);
    if (!found) return { ancestors };
    if (seen.has(found)) return { ancestors, cycle: reference };
    seen.add(found);
    ancestors.push(found);
    current = found;
  }
}

/** The same for documents with what they inherit. */
const mergedRoots: Made<MapNode | undefined> = new WeakMap();
const effectiveRoots: Made<MapNode | undefined> = new WeakMap();

/**
 * A document with what it inherits, as it is written: maps are merged field by field, everything else is replaced. Where only one
 * of several fields may stand (`method`), another choice replaces the inherited one whole. Nodes keep their own document.
 */
export function merged(project: Project, document: TuneDocument): MapNode | undefined {
  const { ancestors } = ancestry(project, document);
  return once(mergedRoots, project, document, () => {
    const root = rootMap(document);
    if (!root || !document.kind) return root;
    const schema = schemaOf(document.kind);
    return ancestors.reduce((child, ancestor) => {
      const parent = rootMap(ancestor);
      if (!parent) return child;
      const entries = parent.entries.filter(({ name }) => name !== document.kind && name !== 'extends');
      return merge(child, { ...parent, entries }, schema);
    }, root);
  });
}

/** A document with what it inherits, and with every `${…}` replaced by what it stands for. */
export function effective(project: Project, document: TuneDocument): MapNode | undefined {
  const root = merged(project, document);
  return once(effectiveRoots, project, document, () => {
    if (!root || !document.kind) return root;
    return substitute(root, schemaOf(document.kind), new Scope(wholeOf(project), document, root));
  });
}

function merge(child: MapNode, parent: MapNode, schema: FieldSchema): MapNode {
  const choices = choicesOf(schema);
  const chosen = child.entries.findLast(({ name }) => choices.includes(name))?.name;
  const entries: Entry[] = [];
  for (const entry of parent.entries) {
    if (chosen !== undefined && entry.name !== chosen && choices.includes(entry.name)) continue;
    const own = entryOf(child, entry.name);
    const field = childSchema(schema, entry.name);
    if (!own || (isEmpty(own) && field && mapSchema(field))) entries.push(entry);
    else if (own.value.type === 'map' && entry.value.type === 'map' && field) {
      entries.push({ ...own, value: merge(own.value, entry.value, field) });
    } else entries.push(own);
  }
  const inherited = new Set(entries.map(({ name }) => name));
  return { ...child, entries: [...entries, ...child.entries.filter(({ name }) => !inherited.has(name))] };
}

function isEmpty({ value }: Entry): boolean {
  return value.type === 'scalar' && value.value === null;
}
