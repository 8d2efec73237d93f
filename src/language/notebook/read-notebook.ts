import { findConflicts } from './find-conflicts.ts';
import type { Notebook, NotebookCell, NotebookProblem } from './notebook.ts';
import { isCellInfo } from './notebook-path.ts';
import { PROSE_BORDER } from './output-mark.ts';
import { readOutputs } from './read-outputs.ts';
import { scanBlocks, type Fence } from './scan-blocks.ts';

/** Finds the cells of a Markdown text, the result below each, and what is wrong with either. Never throws. */
export function readNotebook(text: string): Notebook {
  const { fences, comments } = scanBlocks(text);
  const { regions, problems } = readOutputs(text, comments);
  const outside = fences.filter(
    (fence) => !regions.some((each) => each.start < fence.start && fence.start < each.end),
  );
  const cells = outside.filter(isCell).map((fence, index): NotebookCell => ({
    index,
    start: fence.start,
    end: fence.end,
    content: { start: fence.contentStart, end: fence.contentEnd },
    closed: fence.closed,
    output: undefined,
  }));
  for (const region of regions) {
    const cell = cells.findLast(({ end }) => end <= region.start);
    if (cell && !cell.output && text.slice(cell.end, region.start).trim() === '') cell.output = region;
    else problems.push(misplaced(text, region));
  }
  const borders = comments.filter(
    ({ text: comment, start }) =>
      comment === PROSE_BORDER && !regions.some((each) => each.start < start && start < each.end),
  );
  problems.push(...outside.flatMap((fence) => checkFence(text, fence)), ...findConflicts(text));
  return { text, cells, borders, problems: problems.sort((a, b) => a.start - b.start) };
}

function isCell({ info, depth, indent }: Fence): boolean {
  return isCellInfo(info) && depth === 0 && indent === 0;
}

function checkFence(text: string, fence: Fence): NotebookProblem[] {
  const space = /^[ \t]*/.exec(text.slice(fence.start, fence.end))?.[0].length ?? 0;
  const at = { start: fence.start + space, end: lineEnd(text, fence.start) };
  if (isCellInfo(fence.info) && !isCell(fence)) {
    const where = fence.depth > 0 ? 'stands in a list or a quotation' : 'is indented';
    const message = `This fence ${where}, so it is text and not a cell. Move it to the left margin to make it one.`;
    return [{ code: 'notebook/not-a-cell', ...at, message }];
  }
  if (fence.closed || fence.depth > 0) return [];
  const newline = /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
  const glue = text.endsWith('\n') || text.endsWith('\r') ? '' : newline;
  const fix = {
    title: 'Close the fence at the end of the file',
    edits: [{ start: text.length, end: text.length, newText: `${glue}${fence.marker}${newline}` }],
  };
  const swallowed = CELL_FENCE.test(text.slice(fence.contentStart));
  if (!isCell(fence) && !swallowed) return [];
  const message = neverClosed(fence.marker, swallowed);
  return [{ code: 'notebook/unclosed-fence', ...at, message, ...(swallowed ? {} : { fix }) }];
}

/** The opening of a cell, wherever it stands. */
export const CELL_FENCE = /^(?:`{3,}|~{3,})[ \t]*yaml[ \t]+tune\b/m;

/** What is said of a fence that nothing closes. */
export function neverClosed(marker: string, swallows: boolean): string {
  const rest = swallows ? ' The cells below are part of it.' : '';
  return `This fence is never closed, so all that follows counts as code.${rest} End it with a line that holds ${marker} alone.`;
}

function misplaced(text: string, region: { start: number; end: number }): NotebookProblem {
  const fix = { title: 'Remove the result', edits: [{ start: region.start, end: region.end, newText: '' }] };
  const message =
    'No cell stands directly above this result, so nothing says what it is of. Move it below its cell, or remove it.';
  return {
    code: 'notebook/output-place',
    start: region.start,
    end: lineEnd(text, region.start),
    message,
    fix,
  };
}

function lineEnd(text: string, start: number): number {
  const length = /^[^\r\n]*/.exec(text.slice(start, start + 1000))?.[0].length ?? 0;
  return start + length;
}
