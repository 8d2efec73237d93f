import type { NotebookProblem } from './notebook.ts';

const MESSAGE =
  'Git could not merge this place, and left both versions with marks. Keep one of the two, and remove the lines with `<<<<<<<`, `=======` and `>>>>>>>`.';

/** Marks that git leaves where it could not merge. One alone may be prose; three in their order are none. */
export function findConflicts(text: string): NotebookProblem[] {
  const problems: NotebookProblem[] = [];
  let begin: { start: number; end: number } | undefined;
  let parted = false;
  for (const { 0: line, index } of text.matchAll(/^(?:<{7} [^\r\n]*|={7}[ \t]*$|>{7} [^\r\n]*)/gm)) {
    if (line.startsWith('<')) {
      begin = { start: index, end: index + line.length };
      parted = false;
    } else if (line.startsWith('=')) parted = true;
    else if (begin && parted) {
      problems.push({ code: 'notebook/merge-conflict', ...begin, message: MESSAGE });
      begin = undefined;
    }
  }
  return problems;
}
