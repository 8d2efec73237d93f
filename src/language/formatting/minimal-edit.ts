import type { TextEdit } from '../tree.ts';

/** The one edit that turns a text into another, without the lines that are the same at its beginning and its end. */
export function minimalEdit(before: string, after: string): TextEdit[] {
  if (before === after) return [];
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  // A negative position would be taken for 0, where a line break may stand.
  start = start === 0 ? 0 : before.lastIndexOf('\n', start - 1) + 1;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before.at(-1 - end) === after.at(-1 - end)) end++;
  // Whole lines only, so that no line break is torn apart.
  const tail = before.slice(before.length - end);
  end = tail.length - (tail.indexOf('\n') + 1 || tail.length);
  return [{ start, end: before.length - end, newText: after.slice(start, after.length - end) }];
}
