import { newlineOf } from '../edit.ts';
import type { FileEdit } from '../problem.ts';
import type { Kind } from '../schema/kinds.ts';
import type { TuneDocument, TuneFile } from '../tree.ts';

/** Adds a document behind another one. `lines` have no line breaks of their own. */
export function documentBehind({ file, end }: TuneDocument, lines: readonly string[]): FileEdit {
  const newline = newlineOf(file);
  const before = file.text.slice(0, end);
  const opening = before === '' || /[\r\n]$/.test(before) ? [] : [''];
  return { file, start: end, end, newText: [...opening, '---', ...lines, ''].join(newline) };
}

/** A name that no document of the kind has in a file: the given one, or with a number behind it. */
export function freeName(file: TuneFile, kind: Kind, name: string): string {
  const taken = new Set(file.documents.flatMap((each) => (each.kind === kind ? (each.name ?? []) : [])));
  let free = name;
  for (let number = 2; taken.has(free); number++) free = `${name}-${number}`;
  return free;
}
