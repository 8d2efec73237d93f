import { problem, type Problem } from '../problem.ts';
import type { TuneFile } from '../tree.ts';

/** What is wrong with the Markdown of a notebook: fences, marks of results, marks of a merge. */
export function checkNotebook(file: TuneFile): Problem[] {
  return (file.notebook?.problems ?? []).map(({ code, start, end, message, fix }) => {
    const edits = fix?.edits.map((edit) => ({ file, ...edit }));
    return problem(code, { file, start, end }, message, [fix && edits && { title: fix.title, edits }]);
  });
}
