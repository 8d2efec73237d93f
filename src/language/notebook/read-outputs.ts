import type { NotebookProblem, OutputRegion, Span } from './notebook.ts';
import { checksum, readMark, type OutputAttributes } from './output-mark.ts';
import type { Comment } from './scan-blocks.ts';

/** Pairs the marks of results. A mark without its other one is a problem, and bounds nothing. */
export function readOutputs(
  text: string,
  comments: readonly Comment[],
): { regions: OutputRegion[]; problems: NotebookProblem[] } {
  const regions: OutputRegion[] = [];
  const problems: NotebookProblem[] = [];
  let open: { line: Span; attributes: OutputAttributes } | undefined;
  const complain = ({ start, end }: Span, message: string) => {
    const shown = start + text.slice(start, end).trimEnd().length;
    const fix = { title: 'Remove the line', edits: [{ start, end, newText: '' }] };
    problems.push({ code: 'notebook/output-mark', start, end: shown, message, fix });
  };
  const notEnded = (line: Span) =>
    complain(
      line,
      'This mark begins a result, and no `<!-- /tunebook:output -->` ends it. Put one behind the result, or remove this line.',
    );
  for (const { text: comment, start, end } of comments) {
    const mark = readMark(comment);
    if (!mark) continue;
    if (mark.type === 'broken') {
      complain(
        { start, end },
        'This mark of a result cannot be read. Run the cell again, or remove the line: a mark is `<!-- tunebook:output name=value … -->`, written by Tunebook.',
      );
    } else if (mark.type === 'begin') {
      if (open) notEnded(open.line);
      open = { line: { start, end }, attributes: mark.attributes };
    } else if (!open) {
      complain({ start, end }, 'This mark ends a result that no mark begins. Remove the line.');
    } else {
      const region = { start: open.line.start, end, body: { start: open.line.end, end: start } };
      const written = open.attributes.checksum;
      const edited = written !== undefined && written !== checksum(text.slice(open.line.end, start));
      regions.push({ ...region, attributes: open.attributes, edited });
      if (edited) problems.push(editedByHand(text, open.line));
      open = undefined;
    }
  }
  if (open) notEnded(open.line);
  return { regions, problems };
}

function editedByHand(text: string, { start, end }: Span): NotebookProblem {
  const message =
    'This result was changed by hand since it was written. Put words of your own below its last mark; running the cell anew replaces all between the marks.';
  return {
    code: 'notebook/output-edited',
    start,
    end: start + text.slice(start, end).trimEnd().length,
    message,
  };
}
