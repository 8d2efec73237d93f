import { newlineOf } from '../edit.ts';
import { nearest } from '../nearest.ts';
import { describe } from '../node.ts';
import { problem, type Fix, type Problem } from '../problem.ts';
import { kindWords } from '../identify.ts';
import { KINDS, type Kind } from '../schema/kinds.ts';
import { fieldsOf, schemaOf } from '../schema/navigate.ts';
import type { Entry, MapNode, TuneDocument, TuneFile } from '../tree.ts';
import { listNames } from './list-names.ts';
import { renameFix } from './rename-fix.ts';

/** How a document can start. */
const STARTS = listNames(
  KINDS.map((kind) => `${kind}: NAME`),
  KINDS.length,
  'or',
);

/** Whether it is clear what a document is, so that its fields can be checked. */
export function hasOneKind(document: TuneDocument): boolean {
  return document.kind !== undefined && kindWords(document.root).length === 1;
}

/** A config without any document; what is no YAML is told of as that. */
export function checkEmpty(file: TuneFile): Problem[] {
  if (file.notebook || file.documents.length > 0 || file.syntax.length > 0) return [];
  const what = /^\s*$/.test(file.text) ? 'is empty' : 'has no document';
  const message = `This config ${what}. Start one with ${STARTS}.`;
  return [problem('tune/empty-file', { file, start: 0, end: 0 }, message)];
}

/** What a document is: exactly one kind word. */
export function checkKind(document: TuneDocument): Problem[] {
  const { root, broken } = document;
  if (!root) return [];
  if (root.type !== 'map') {
    const message = `A document is a map that starts with ${STARTS}, not ${describe(root)}.`;
    return broken ? [] : [problem('tune/no-kind', root, message)];
  }
  const words = kindWords(document.root);
  const [first, second] = words;
  if (!first) return broken ? [] : [noKind(root)];
  if (second) {
    const message = `This document is a \`${first.name}:\` already. Put a line \`---\` before \`${second.name}:\`, so that it starts a document of its own.`;
    return [problem('tune/two-kinds', second.key, message, [separate(second)])];
  }
  return [];
}

/** Two documents of one kind under the same name. */
export function checkNames(file: TuneFile): Problem[] {
  const lines = new Map<string, number>();
  return file.documents.flatMap(({ kind, name, header }) => {
    if (!kind || name === undefined || !header) return [];
    const id = `${kind}: ${name}`;
    const line = lines.get(id);
    if (line === undefined) {
      lines.set(id, file.lines.position(header.key.start).line);
      return [];
    }
    const free = freeName(file, kind, name);
    const message = `There is a \`${id}\` in line ${line} already. Rename one of the two.`;
    return [problem('tune/duplicate-name', header.value, message, [renameFix(header, kind, free)])];
  });
}

function noKind(root: MapNode): Problem {
  const message = `Nothing says what this document is. Start it with ${STARTS}.`;
  const [first] = root.entries;
  if (!first) return problem('tune/no-kind', root, message);
  for (const entry of root.entries) {
    const kind = nearest(entry.name, KINDS);
    if (kind === undefined) continue;
    const hint = `Did you mean \`${kind}\`?`;
    return problem('tune/no-kind', entry.key, `Nothing says what this document is. ${hint}`, [
      renameFix(entry, kind),
    ]);
  }
  return problem('tune/no-kind', first.key, message, [startFix(root, first)]);
}

/** Puts the kind in front that has most of the fields. */
function startFix(root: MapNode, first: Entry): Fix | undefined {
  const count = (kind: Kind) => root.entries.filter(({ name }) => name in fieldsOf(schemaOf(kind))).length;
  const [best] = [...KINDS].sort((a, b) => count(b) - count(a));
  if (!best || count(best) === 0 || root.flow) return undefined;
  const { file } = root.document;
  const newText = `${best}: ${freeName(file, best, `my-${best}`)}${newlineOf(file)}`;
  return {
    title: `Start with ${best}:`,
    edits: [{ file, start: first.key.start, end: first.key.start, newText }],
  };
}

function separate({ key }: Entry): Fix | undefined {
  const { file } = key.document;
  if (file.lines.position(key.start).column !== 1) return undefined;
  return {
    title: 'Start a new document',
    edits: [{ file, start: key.start, end: key.start, newText: `---${newlineOf(file)}` }],
  };
}

function freeName(file: TuneFile, kind: Kind, name: string): string {
  const taken = new Set(file.documents.filter((each) => each.kind === kind).map((each) => each.name));
  let free = name;
  for (let number = 2; taken.has(free); number++) free = `${name}-${number}`;
  return free;
}
