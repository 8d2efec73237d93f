import { Template } from '@huggingface/jinja';
import { TunebookError } from '../../protocol/error.ts';

/** Lines of a template that are tried to find the one with the fault. */
const MAX_LINES = 1000;

/** The error of a chat template that is no Jinja, with the line that it breaks off at. */
export function badTemplate(source: string, place: string, cause: unknown): TunebookError {
  const line = faultyLine(source, cause);
  // The lines of a template inside of JSON are none of the file.
  const isOwnFile = !place.endsWith('.json');
  const where = line === undefined || isOwnFile ? '' : ` in line ${line} of its text`;
  return new TunebookError(
    'data/bad-chat-template',
    `The chat template in ${place} cannot be read: ${reasonOf(cause)}${where}.`,
    {
      cause,
      location: { file: place, ...(line !== undefined && isOwnFile && { line }) },
      hint: 'Correct the template, or copy it again from where the model came from.',
    },
  );
}

function reasonOf(cause: unknown): string {
  // Past its last token the reader of Jinja finds nothing, which it does not look for.
  if (cause instanceof TypeError) return 'it ends in the middle of a block or an expression';
  return (cause instanceof Error ? cause.message : String(cause)).replace(/\.$/, '');
}

/**
 * The line that a template cannot be read beyond. The reader does not tell it; but it goes from left to right, so whatever begins as the
 * template does, up to the fault, has the same one.
 */
function faultyLine(source: string, cause: unknown): number | undefined {
  const lines = source.split('\n');
  if (lines.length > MAX_LINES) return undefined;
  const asWhole = String(cause);
  let line = lines.length;
  while (line > 1 && faultOf(lines.slice(0, line - 1).join('\n')) === asWhole) line--;
  return line;
}

function faultOf(source: string): string | undefined {
  try {
    new Template(source);
    return undefined;
  } catch (error) {
    return String(error);
  }
}
