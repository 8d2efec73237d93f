import { effective } from '../effective.ts';
import { hasUnresolved } from '../node.ts';
import { problem, type Problem } from '../problem.ts';
import type { Project } from '../project.ts';
import { lookup } from '../reference.ts';
import { KIND_WORDS, type Kind } from '../schema/kinds.ts';
import type { TuneDocument } from '../tree.ts';
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
  if (usedDocuments(project).has(document)) return [];
  if (lookup(project, file, kind, name).found !== document) return [];
  const message = `Nothing in this folder uses the ${KIND_WORDS[kind]} \`${name}\`. Remove it, if no other folder does.`;
  return [problem('tune/unused-name', header.value, message)];
}

const used = new WeakMap<Project, Set<TuneDocument>>();

/** Every document that another one names. */
function usedDocuments(project: Project): Set<TuneDocument> {
  const known = used.get(project);
  if (known) return known;
  const found = new Set<TuneDocument>();
  for (const file of project.files.values()) {
    for (const document of file.documents) {
      for (const each of referredDocuments(project, document)) found.add(each);
    }
  }
  used.set(project, found);
  return found;
}

function isClear(project: Project, document: TuneDocument): boolean {
  const root = effective(project, document);
  return !document.broken && !!root && !hasUnresolved(root);
}
