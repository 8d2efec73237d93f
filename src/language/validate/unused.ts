import { effective } from '../effective.ts';
import { hasUnresolved } from '../node.ts';
import { problem, type Problem } from '../problem.ts';
import type { Project } from '../project.ts';
import { lookup } from '../reference.ts';
import { KIND_WORDS, type Kind } from '../schema/kinds.ts';
import type { TuneDocument, TuneFile } from '../tree.ts';
import { referredDocuments } from './referred-documents.ts';

/** The kinds whose documents can name one of a kind. */
const USERS: Partial<Record<Kind, readonly Kind[]>> = {
  dataset: ['run', 'evaluate'],
  prompt: ['evaluate'],
};

/**
 * A data set or a prompt that nothing names, though its file has documents that could. Another folder may name it, which is not known
 * here: so it is only mentioned.
 */
export function checkUnused(project: Project, document: TuneDocument): Problem[] {
  const { kind, header, file, name = '' } = document;
  const users = (kind && USERS[kind]) ?? [];
  if (!kind || !header || !file.documents.some((each) => each.kind && users.includes(each.kind))) return [];
  // What a `${…}` will name is not known.
  if (!file.documents.every((each) => isClear(project, each))) return [];
  if (isUsed(project, document, name)) return [];
  if (lookup(project, file, kind, name).found !== document) return [];
  const message = `Nothing in this folder uses the ${KIND_WORDS[kind]} \`${name}\`. Remove it, if no other folder does.`;
  return [problem('tune/unused-name', header.value, message)];
}

/** An escape or a `${…}` may stand for a part of a name. */
const MAY_HIDE_A_NAME = /\\|\$\{/;

/** Whether another document names it. Neighbours in which the name does not stand need not be read. */
function isUsed(project: Project, document: TuneDocument, name: string): boolean {
  const [word = ''] = name.split(/\s/);
  return [document.file, ...project.files.values()].some(
    (file) =>
      (file.text.includes(word) || MAY_HIDE_A_NAME.test(file.text)) && usedBy(project, file).has(document),
  );
}

const used = new WeakMap<Project, Map<TuneFile, ReadonlySet<TuneDocument>>>();

/** Every document that one of a file names. */
function usedBy(project: Project, file: TuneFile): ReadonlySet<TuneDocument> {
  const known = used.get(project) ?? new Map<TuneFile, ReadonlySet<TuneDocument>>();
  used.set(project, known);
  let found = known.get(file);
  if (!found) {
    found = new Set(file.documents.flatMap((each) => referredDocuments(project, each)));
    known.set(file, found);
  }
  return found;
}

function isClear(project: Project, document: TuneDocument): boolean {
  const root = effective(project, document);
  return !document.broken && !!root && !hasUnresolved(root);
}
