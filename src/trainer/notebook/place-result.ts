import type { NotebookCell } from '../../language/notebook/notebook.ts';
import { readNotebook } from '../../language/notebook/read-notebook.ts';
import { writeOutput, type CellResult } from '../../language/notebook/write-output.ts';
import { TunebookError } from '../../protocol/error.ts';
import type { NotebookFile } from './notebook-file.ts';

export interface Placed {
  /** What is to be written. */
  text: string;
  /** Somebody changed the file meanwhile, and `text` is of what it is now. */
  changed?: true;
  /** Why nothing further can be run. */
  problem?: TunebookError;
}

/**
 * Puts the result of a cell into the text of its notebook. Where the file was changed on disk while the cell ran, the result goes into
 * what the file is now, as long as that cell is the same; where other cells are not, nothing further is run.
 * @param text the notebook as it is run; `written` is what was last read or written of it
 * @throws TunebookError `notebook/changed` where the cell is no longer there: nothing is written then
 */
export function placeResult(
  file: NotebookFile,
  text: string,
  { index }: NotebookCell,
  result: CellResult,
  written: string,
): Placed {
  if (file.target !== file.path || !file.hasChanged()) return { text: put(text, index, result) };
  const now = file.text();
  const [before, after] = [contents(text), contents(now)];
  if (text !== written || before.length !== after.length || before[index] !== after[index]) {
    const runs = result.attributes.runs.join(', ');
    throw new TunebookError(
      'notebook/changed',
      `${file.path} was changed while its cell ran. Nothing in it was overwritten, so the result is not in it.`,
      {
        hint: `${runs === '' ? '' : `What was computed is in ${runs} (see \`tunebook show\`). `}Run the notebook again.`,
        location: { file: file.path },
      },
    );
  }
  const placed: Placed = { text: put(now, index, result), changed: true };
  if (before.every((each, at) => each === after[at])) return placed;
  const problem = new TunebookError(
    'notebook/changed',
    `Cells of ${file.path} were changed while it ran. The result of the last one is in it; nothing further was started.`,
    { hint: 'Run the notebook again: what is done is not run again.', location: { file: file.path } },
  );
  return { ...placed, problem };
}

function contents(text: string): string[] {
  return readNotebook(text).cells.map(({ content }) => text.slice(content.start, content.end));
}

function put(text: string, index: number, result: CellResult): string {
  const cell = readNotebook(text).cells[index];
  if (!cell) throw new Error(`the notebook has no cell ${index}`);
  const { start, end, newText } = writeOutput(text, cell, result);
  return text.slice(0, start) + newText + text.slice(end);
}
