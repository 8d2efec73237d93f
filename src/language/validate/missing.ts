import { setFix } from '../edit.ts';
import { ancestry, effective } from '../effective.ts';
import { entryOf, rootMap, valueAt } from '../node.ts';
import { problem, type Problem } from '../problem.ts';
import { wholeOf, type Project } from '../project.ts';
import { identityOf, identityText, sameDocument } from '../same-document.ts';
import {
  fieldsOf,
  choicesOf,
  mapSchema,
  namedValues,
  schemaAt,
  schemaOf,
  type FieldSchema,
} from '../schema/navigate.ts';
import type { MapNode, Node, TuneDocument } from '../tree.ts';
import { listNames } from './list-names.ts';
import { suggestSplit } from './suggest-split.ts';
import { meantPaths } from './unknown-field.ts';

/** Stands at the end of a path for any field of the map that the rest leads to. */
const ANY = '*';

/** Fields that a document needs and neither has nor inherits, as paths. */
export function missingPaths(root: MapNode, schema: FieldSchema, path: readonly string[] = []): string[][] {
  const map = mapSchema(schema) ?? {};
  const fields = fieldsOf(map);
  const needed = (map.required ?? []).filter((name) => fields[name]?.default === undefined);
  const missing = needed.filter((name) => isAbsent(root, name)).map((name) => [...path, name]);
  const present = root.entries.filter(({ name }) => !isAbsent(root, name));
  const named = namedValues(map);
  const choices = choicesOf(map);
  const lacksChoice = choices.length > 0 && present.every(({ name }) => !choices.includes(name));
  if (lacksChoice || (named && present.length === 0)) missing.push([...path, ANY]);
  if (named && mapSchema(named)) {
    const empty = root.entries.filter(({ name }) => isAbsent(root, name));
    missing.push(...empty.map(({ name }) => [...path, name, ANY]));
  }
  const inside = present.flatMap(({ name, value }) => {
    const field = Object.hasOwn(fields, name) ? fields[name] : named;
    return field && value.type === 'map' ? missingPaths(value, field, [...path, name]) : [];
  });
  return [...missing, ...inside];
}

/** Whether a document has all that its kind needs, with what it inherits. */
export function isWhole(project: Project, document: TuneDocument): boolean {
  return missingFields(project, document)?.length === 0;
}

/** The fields that a document needs and neither has nor inherits, as `model.base`; `undefined` where nothing can be read of it. */
export function missingFields(project: Project, document: TuneDocument): string[] | undefined {
  const root = effective(project, document);
  const paths = root && document.kind && missingPaths(root, schemaOf(document.kind));
  return paths?.map((path) => path.filter((name) => name !== ANY).join('.'));
}

/**
 * What a document lacks. One that another extends may lack anything: the other is checked in its place. Where a line or
 * an `extends` cannot be read, nobody knows.
 */
export function checkMissing(project: Project, document: TuneDocument): Problem[] {
  const { kind, header } = document;
  const root = effective(project, document);
  if (!root || !kind || !header || !isKnown(project, document) || isExtended(project, document)) return [];
  const schema = schemaOf(kind);
  const meant = [...meantPaths(root, schema)];
  const missing = missingPaths(root, schema).filter((path) =>
    [kind, ...meant].every((each) => each !== path.join('.') && !each.startsWith(`${path.join('.')}.`)),
  );
  const isSettings = kind === 'run' && isAbsent(root, 'model') && isAbsent(root, 'data');
  if (isSettings && missing.length === 2) {
    const message =
      'This run has no `model` and no `data`, so it cannot be run by itself. Other runs can extend it.';
    return [problem('tune/settings-only', header.value, message)];
  }
  return missing.map((path) => explain(project, document, path));
}

function explain(project: Project, document: TuneDocument, path: string[]): Problem {
  const { header, kind = 'run' } = document;
  const root = rootMap(document);
  const holder = path.slice(0, -1);
  const section =
    holder.length > 0 ? entryOf(valueAt(root, ...holder.slice(0, -1)), holder.at(-1) ?? '') : undefined;
  const node = section?.key ?? header?.value ?? document.root;
  if (!node) throw new Error(`${document.file.path}: a document without text lacks a field`);
  const where = holder.length > 0 ? `\`${holder.at(-1) ?? ''}\`` : `This \`${kind}:\` document`;
  const field = path.at(-1) ?? '';
  if (field === ANY) {
    const schema = schemaAt(schemaOf(kind), holder) ?? {};
    const choices = choicesOf(schema);
    const isEmpty = holder.length > 0 && sizeOf(valueAt(root, ...holder)) === 0;
    const state = isEmpty ? 'is empty' : `has neither ${choices.map((each) => `\`${each}\``).join(' nor ')}`;
    const advice =
      choices.length > 0
        ? `Write ${listNames(choices, choices.length, 'or')} into it.`
        : 'Write at least one into it.';
    return problem('tune/missing-field', node, `${where} ${state}. ${advice}`);
  }
  const add = suggestSplit(project, document, path);
  const fix = add && setFix(`Add ${add.path.join('.')}: ${add.text}`, root, add.path, add.text);
  return problem('tune/missing-field', node, `${where} lacks \`${field}\`. Add it.`, [fix]);
}

/** Whether every line of a document and its ancestors could be read, and every `extends` followed. */
function isKnown(project: Project, document: TuneDocument): boolean {
  const { ancestors, cycle } = ancestry(project, document);
  const family = [document, ...ancestors];
  const last = family.at(-1);
  return !cycle && !family.some(({ broken }) => broken) && isAbsent(rootMap(last ?? document), 'extends');
}

/** Whether another document takes fields from this one. */
export function isExtended(project: Project, document: TuneDocument): boolean {
  const answer = extendedIn(wholeOf(project)).has(document);
  const identity = identityOf(document);
  project.view?.trace.answer(
    `extends of ${identityText(document)}`,
    (now) => {
      const again = sameDocument(now, identity);
      return again && String(extendedIn(now).has(again));
    },
    String(answer),
  );
  return answer;
}

/** The word, or an escape that may stand for a part of it: neighbours that hold neither need not be read. */
const MAY_EXTEND = /extends|\\/;

/** The documents that others take fields from; a project never changes once it is loaded. */
const extended = new WeakMap<Project, Set<TuneDocument>>();

function extendedIn(project: Project): ReadonlySet<TuneDocument> {
  const known = extended.get(project);
  if (known) return known;
  const found = new Set<TuneDocument>();
  for (const file of project.files.values()) {
    for (const each of file.documents.filter(({ source }) => MAY_EXTEND.test(source))) {
      for (const ancestor of ancestry(project, each).ancestors) found.add(ancestor);
    }
  }
  extended.set(project, found);
  return found;
}

function sizeOf(node: Node | undefined): number {
  return node?.type === 'map' ? node.entries.filter(({ name }) => !isAbsent(node, name)).length : 0;
}

function isAbsent(map: MapNode | undefined, name: string): boolean {
  const value = valueAt(map, name);
  return !value || (value.type === 'scalar' && value.value === null);
}
