import assert from 'node:assert/strict';
import { loadProject } from '../load.ts';
import type { Project } from '../project.ts';
import { findName, findReferences } from '../references.ts';
import { rename } from '../rename.ts';
import { PATH } from './complete-at.ts';
import { atCursor } from './cursor-mark.ts';
import { MemoryHost } from './memory-host.ts';

/** A project of a config with a `|` and all other files, and where the cursor is. */
export async function projectAt(
  marked: string,
  files: Record<string, string> = {},
): Promise<{ project: Project; offset: number; text: string }> {
  const { text, offset } = atCursor(marked);
  const world = { [PATH]: text, ...files };
  return { project: await loadProject(Object.keys(world), new MemoryHost({ files: world })), offset, text };
}

/** Where the name at the `|` is written: `file:line:column name`, definitions with a `*`. */
export async function referencesAt(marked: string, files: Record<string, string> = {}): Promise<string[]> {
  const { project, offset } = await projectAt(marked, files);
  const named = findName(project, PATH, offset);
  if (!named) return [];
  return findReferences(project, named).map(({ node, start, end, isDefinition }) => {
    const { file } = node.document;
    const { line, column } = file.lines.position(start);
    const name = file.path.replace('/work/', '').replace('.tune.yaml', '');
    return `${name}:${line}:${column} ${file.text.slice(start, end)}${isDefinition ? '*' : ''}`;
  });
}

/** The files that a rename changes, as they are afterwards; the reason where it is refused. */
export async function renameAt(
  marked: string,
  newName: string,
  files: Record<string, string> = {},
): Promise<Record<string, string> | string> {
  const { project, offset } = await projectAt(marked, files);
  const renaming = rename(project, PATH, offset, newName);
  if ('refusal' in renaming) return renaming.refusal;
  const changed: Record<string, string> = {};
  for (const edit of [...renaming.edits].sort((a, b) => b.start - a.start)) {
    const text = changed[edit.file.path] ?? edit.file.text;
    assert.ok(edit.end <= edit.file.text.length);
    changed[edit.file.path] = text.slice(0, edit.start) + edit.newText + text.slice(edit.end);
  }
  return changed;
}
