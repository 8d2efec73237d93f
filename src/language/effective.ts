import { entryOf, rootMap, scalarAt } from './node.ts';
import type { Entry, MapNode, ScalarNode, TuneDocument } from './tree.ts';
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

/** A project is read at one moment and stays as it is, so what was followed once is known. */
const known = new WeakMap<Project, Map<TuneDocument, Ancestry>>();

/** Follows `extends` from document to document. */
export function ancestry(project: Project, document: TuneDocument): Ancestry {
  const followed = once(known, wholeOf(project), document, () => follow(wholeOf(project), document));
  if (project.view) noteAncestry(project, project.view.trace, [document, ...followed.ancestors]);
  return followed;
}

/** What an effective value depends on: what the documents hold and extend, and what their `${…}` stand for. */
function noteAncestry(project: Project, trace: ProjectTrace, family: readonly TuneDocument[]): void {
  for (const each of family) {
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
const mergedRoots = new WeakMap<Project, Map<TuneDocument, MapNode | undefined>>();
const effectiveRoots = new WeakMap<Project, Map<TuneDocument, MapNode | undefined>>();

/**
 * A document with what it inherits, as it is written: maps are merged field by field, everything else is replaced. Where only one
 * of several fields may stand (`method`), another choice replaces the inherited one whole. Nodes keep their own document.
 */
export function merged(project: Project, document: TuneDocument): MapNode | undefined {
  const { ancestors } = ancestry(project, document);
  return once(mergedRoots, wholeOf(project), document, () => {
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
  return once(effectiveRoots, wholeOf(project), document, () => {
    if (!root || !document.kind) return root;
    return substitute(root, schemaOf(document.kind), new Scope(wholeOf(project), document, root));
  });
}

function once<Value>(
  cache: WeakMap<Project, Map<TuneDocument, Value>>,
  project: Project,
  document: TuneDocument,
  make: () => Value,
): Value {
  const ofProject = cache.get(project) ?? new Map<TuneDocument, Value>();
  cache.set(project, ofProject);
  const known = ofProject.get(document);
  if (known !== undefined) return known;
  const made = make();
  ofProject.set(document, made);
  return made;
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
