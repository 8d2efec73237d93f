import { parse } from './parse.ts';
import type { FileEdit } from './problem.ts';
import type { TuneFile } from './tree.ts';

/**
 * Whether edits leave files that can be read such that they still can, and lose no document: where a text holds what hardly any does (a
 * lone carriage return, a space of another width), what is right everywhere else may break it.
 */
export function staysSound(edits: readonly FileEdit[]): boolean {
  const files = new Set(edits.map(({ file }) => file));
  return [...files].every((file) => file.syntax.length > 0 || isSoundAfter(file, edits));
}

function isSoundAfter(file: TuneFile, edits: readonly FileEdit[]): boolean {
  const own = edits.filter((each) => each.file === file).sort((a, b) => b.start - a.start || b.end - a.end);
  const text = own.reduce(
    (before, { start, end, newText }) => before.slice(0, start) + newText + before.slice(end),
    file.text,
  );
  const { syntax, documents } = parse(file.path, text, file);
  return syntax.length === 0 && documents.length >= file.documents.length;
}
