import { describeType } from '../help/describe-type.ts';
import { entryOf, scalarsIn } from '../node.ts';
import { problem, removeFix, replaceFix, type Problem } from '../problem.ts';
import { NAME_PATTERN } from '../schema/field.ts';
import {
  alternatives,
  fieldsOf,
  choicesOf,
  mapSchema,
  namePattern,
  namedValues,
  schemaOf,
  type FieldSchema,
} from '../schema/navigate.ts';
import { ancestry, effective, merged } from '../effective.ts';
import { isKind } from '../identify.ts';
import type { Project } from '../project.ts';
import type { Entry, MapNode, Node, TuneDocument } from '../tree.ts';
import { Scope } from '../variables/scope.ts';
import { substitute } from '../variables/substitute.ts';
import { writeValue } from '../write-value.ts';
import { explainUnknownField, MAX_CONSIDERED } from './unknown-field.ts';
import { checkList, checkName, checkScalar, isOfType, wrongType } from './value.ts';

/**
 * Holds the text of a document against the schema of its kind: fields, types, ranges, duplicates. A `${…}` counts as what it
 * stands for.
 */
export function checkStructure(project: Project, document: TuneDocument): Problem[] {
  const { root, kind } = document;
  const whole = merged(project, document);
  if (root?.type !== 'map' || !kind || !whole) return [];
  const scope = new Scope(project, document, whole);
  const schema = schemaOf(kind);
  const own = checkMap(substitute(root, schema, scope), schema, []);
  return [...own, ...checkInheritedVariables(project, document)];
}

/** Inherited fields whose `${…}` stands for something else in this document than where it is written. */
function checkInheritedVariables(project: Project, document: TuneDocument): Problem[] {
  const whole = effective(project, document);
  if (!document.kind || !whole || ancestry(project, document).ancestors.length === 0) return [];
  const written = [...scalarsIn(whole)].filter((node) => node.written !== undefined);
  const places = new Set(written.map(placeKey));
  if (places.size === 0) return [];
  return checkMap(whole, schemaOf(document.kind), []).filter(
    (each) =>
      places.has(`${each.file.path}:${each.start}`) &&
      !(each.file === document.file && isWithin(each, document)),
  );
}

function isWithin({ start }: Problem, document: TuneDocument): boolean {
  return document.start <= start && start <= document.end;
}

function placeKey(node: Node): string {
  return `${node.document.file.path}:${node.start}`;
}

/** What is wrong with one value, and everything inside of it. `path` leads to it. */
export function checkValue(node: Node, schema: FieldSchema, path: readonly string[]): Problem[] {
  if (node.type === 'scalar' && node.unresolved) return [];
  // A section that is empty is one that is left out.
  if (node.type === 'scalar' && node.value === null && mapSchema(schema)) return [];
  const name = nameOf(path);
  if (schema.pattern === NAME_PATTERN && node.type === 'scalar') {
    const found = checkName(node, `The ${path.at(-1) ?? ''}`);
    return found ? [found] : [];
  }
  const fitting = alternatives(schema).filter((each) => isOfType(node, each));
  const results = fitting.map((each) => checkFitting(node, each, path));
  const found = results.find((each) => each.length === 0) ?? results[0] ?? [wrongType(node, schema, name)];
  return found.map((each) => withSource(withDefault(each, node, schema), node));
}

/** Of a value that a `${…}` stands for it is said where it comes from, and no fix puts another in the place of the name. */
function withSource(found: Problem, node: Node): Problem {
  const written = node.type === 'scalar' ? node.written : undefined;
  if (written === undefined || found.start !== node.start) return found;
  return { ...found, message: `${found.message} It is what \`${written}\` stands for.`, fixes: [] };
}

/** Where nothing better is known, the default is a way out. */
function withDefault(found: Problem, node: Node, schema: FieldSchema): Problem {
  const { default: value } = schema;
  const isPlain =
    value !== undefined && value !== null && (typeof value !== 'object' || Array.isArray(value));
  const isValue =
    /^tune\/(wrong-type|unknown-value|out-of-range)$/.test(found.code) && found.start === node.start;
  if (!isPlain || !isValue || found.fixes.length > 0) return found;
  const text = writeValue(value);
  return { ...found, fixes: [replaceFix(`Change to ${text}, the default`, node, text)] };
}

function checkFitting(node: Node, schema: FieldSchema, path: readonly string[]): Problem[] {
  if (node.type === 'map') return checkMap(node, schema, path);
  if (node.type === 'scalar') {
    const found = checkScalar(node, schema, nameOf(path));
    return found ? [found] : [];
  }
  const items = node.items.flatMap((item) => checkValue(item, schema.items ?? {}, [...path, '']));
  return [...items, ...checkList(node, schema, nameOf(path))];
}

function checkMap(map: MapNode, schema: FieldSchema, path: readonly string[]): Problem[] {
  const fields = fieldsOf(schema);
  const named = namedValues(schema);
  let unknown = 0;
  const inside = map.entries.flatMap((entry) => {
    if (path.length === 0 && isKind(entry.name) && !Object.hasOwn(fields, entry.name)) return [];
    const known = Object.hasOwn(fields, entry.name) ? fields[entry.name] : named;
    if (!known) return ++unknown > MAX_CONSIDERED ? [] : [explainUnknownField(entry, map, schema, path)];
    if (isEmpty(entry.value, known)) return [noValue(entry, known)];
    const isName = known === named && namePattern(schema) === NAME_PATTERN;
    const key = isName && checkName({ ...entry.key, value: entry.name }, '');
    return [...(key ? [key] : []), ...checkValue(entry.value, known, [...path, entry.name])];
  });
  return [...inside, ...checkDuplicates(map), ...checkChoice(map, schema, path)];
}

/** Whether nothing stands where something must: neither a section, nor a field that may be null. */
function isEmpty(node: Node, schema: FieldSchema): boolean {
  if (node.type !== 'scalar' || node.value !== null || schema.pattern === NAME_PATTERN) return false;
  return alternatives(schema).every(({ type }) => type !== 'null' && type !== 'object');
}

function noValue(entry: Entry, schema: FieldSchema): Problem {
  const message = `\`${entry.name}\` has no value. It takes ${describeType(schema)}: write one, or remove the field.`;
  return problem('tune/wrong-type', entry.key, message, [removeFix(`Remove ${entry.name}`, entry)]);
}

function checkDuplicates(map: MapNode): Problem[] {
  const first = new Map<string, Entry>();
  return map.entries.flatMap((entry) => {
    if (entry.merged) return [];
    const earlier = first.get(entry.name);
    if (!earlier) {
      first.set(entry.name, entry);
      return [];
    }
    const { line } = earlier.key.document.file.lines.position(earlier.key.start);
    const message = `\`${entry.name}\` stands in line ${line} already. Remove one of the two.`;
    return [
      problem('tune/duplicate-field', entry.key, message, [
        removeFix(`Remove this ${entry.name}`, entry),
        removeFix(`Remove the ${entry.name} in line ${line}`, earlier),
      ]),
    ];
  });
}

/** Of some maps only one field may be there. */
function checkChoice(map: MapNode, schema: FieldSchema, path: readonly string[]): Problem[] {
  const names = choicesOf(schema).filter((name) => entryOf(map, name));
  const chosen = map.entries.filter(({ name }) => names.includes(name));
  const second = chosen.find(({ name }) => name !== chosen[0]?.name);
  if (!second) return [];
  const list = names.map((name) => `\`${name}\``).join(' and ');
  const what = path.length > 0 ? nameOf(path) : `A \`${map.document.kind ?? ''}:\` document`;
  const message = `${what} takes one of ${list}, not both. Remove one.`;
  const others = new Map(chosen.map((entry) => [entry.name, entry]));
  const fixes = [...others.values()].reverse().map((entry) => removeFix(`Remove ${entry.name}`, entry));
  return [problem('tune/exclusive-fields', second.key, message, fixes)];
}

/** How messages call a field: `` `r` ``, or what stands in a list. */
function nameOf(path: readonly string[]): string {
  if (path.at(-1) === '') return `An item of \`${path.at(-2) ?? ''}\``;
  return `\`${path.at(-1) ?? ''}\``;
}
