import { ODD_BREAK } from '../lines.ts';
import { staysSound } from '../stays-sound.ts';
import type { TuneFile } from '../tree.ts';
import { plainText } from './snippet.ts';
import type { Completion } from './types.ts';

/** A byte order mark that is not at the beginning. */
const ODD_MARK = /(?!^)\uFEFF/;

/**
 * Leaves out what would break a file that can be read: in a text that goes over several lines, or holds a line break that hardly any file
 * has, a field may not stand where it does everywhere else. What has the same lines and punctuation fits alike, so of each shape the
 * first is tried, and the others only where that one breaks the file, or the text holds what YAML reads in ways of its own.
 */
export function keepSound(file: TuneFile, completions: readonly Completion[]): Completion[] {
  if (completions.length === 0 || file.syntax.length > 0) return [...completions];
  const isOdd = ODD_BREAK.test(file.text) || ODD_MARK.test(file.text);
  const fits = new Map<string, boolean>();
  return completions.filter((each) => {
    const text = each.snippet ? plainText(each.newText) : each.newText;
    const shape = text.replace(/[\w. /-]+/g, '');
    if (!isOdd && fits.get(shape)) return true;
    const isSound = staysSound([{ file, start: each.start, end: each.end, newText: text }]);
    if (!fits.has(shape)) fits.set(shape, isSound);
    return isSound;
  });
}
