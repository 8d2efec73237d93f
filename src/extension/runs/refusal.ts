import { resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { TunebookError } from '../../protocol/error.ts';

/** `FILE:LINE:COLUMN: error: MESSAGE [CODE]` with its next step below it; the place, or a part of it, may be missing. */
const ERROR = /^(?:(.+?)(?::(\d+):(\d+))?: )?error: (.*?)(?: \[[\w/-]+\])?$(?:\n {2}next: (.*)$)?/gm;
/** A notification holds about this many characters before it is folded. */
const ROOM = 300;

/**
 * What the trainer printed when it would not start, for a notification: the first mistake with its place and its next step, and how
 * many more there are; else the end of what it said, with the log to open.
 * @param printed everything it printed
 * @param folder what the paths in it are relative to
 * @param log the file that holds all of it
 */
export function explainRefusal(printed: string, folder: string, log: string): TunebookError {
  const text = stripVTControlCharacters(printed).trim();
  const [first, ...others] = text.matchAll(ERROR);
  if (!first) {
    const end = text.length > ROOM ? `…${text.slice(-ROOM)}` : text;
    return new TunebookError('launch/refused', end, { location: { file: log } });
  }
  const [, file, line, column, message = '', next = 'Nothing was started.'] = first;
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  return new TunebookError('launch/refused', `${message}${more}`, {
    hint: next,
    location: {
      file: file === undefined ? log : resolve(folder, file),
      ...(line !== undefined && { line: Number(line), column: Number(column) }),
    },
  });
}
