import type { Fix } from '../problem.ts';
import type { Entry } from '../tree.ts';

/** Gives a field another name, and another value where one is given. */
export function renameFix(entry: Entry, name: string, value?: string): Fix {
  const { key } = entry;
  const { file } = key.document;
  const edits = [{ file, start: key.start, end: key.end, newText: name }];
  if (value !== undefined) {
    edits.push({ file, start: entry.value.start, end: entry.value.end, newText: value });
  }
  return { title: value === undefined ? `Change to ${name}` : `Change to ${name}: ${value}`, edits };
}
