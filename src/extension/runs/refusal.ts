import { resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { TunebookError } from '../../protocol/error.ts';

const AT_PLACE = /^(.+):(\d+):(\d+): error: (.*?)(?: \[[\w/-]+\])?$/gm;
const WITHOUT_PLACE = /^error: (.*?)(?: \[[\w/-]+\])?$/m;
const NEXT = /^ {2}next: (.*)$/m;
/** A notification holds about this many characters before it is folded. */
const ROOM = 300;

/**
 * What the trainer printed when it would not start, for a notification: the first mistake with its place, and how many more there
 * are; else its sentence and the next step; else the end of what it said, with the log to open.
 * @param printed everything it printed
 * @param folder what the paths in it are relative to
 * @param log the file that holds all of it
 */
export function explainRefusal(printed: string, folder: string, log: string): TunebookError {
  const text = stripVTControlCharacters(printed).trim();
  const [first, ...others] = text.matchAll(AT_PLACE);
  if (first) {
    const [, file = '', line, column, message = ''] = first;
    const more = others.length > 0 ? ` (and ${others.length} more)` : '';
    return new TunebookError('launch/refused', `${message}${more}`, {
      hint: 'Nothing was started.',
      location: { file: resolve(folder, file), line: Number(line), column: Number(column) },
    });
  }
  const message = WITHOUT_PLACE.exec(text)?.[1] ?? (text.length > ROOM ? `…${text.slice(-ROOM)}` : text);
  return new TunebookError('launch/refused', message, {
    hint: NEXT.exec(text)?.[1],
    location: { file: log },
  });
}
