import { relative } from 'node:path';
import { formatLocation, type TunebookError } from '../../protocol/error.ts';
import type { Style } from './style.ts';

/** `file:line:column: error: message`, and below it what to do. A file below the working directory is named from there. */
export function describeError(error: TunebookError, style: Style): string {
  const { location, message, hint, code } = error;
  // A message that names the file already needs no place without a line.
  const tells = location && (location.line !== undefined || !message.includes(location.file));
  const place = tells ? `${formatLocation({ ...location, file: shortPath(location.file) })}: ` : undefined;
  const lines = [`${place ?? ''}${style.red('error:')} ${message} ${style.dim(`[${code}]`)}`];
  if (hint !== undefined) lines.push(`  ${style.bold('next:')} ${hint}`);
  return lines.join('\n');
}

/** A warning, and below it what to do. */
export function describeWarning(
  { code, message, hint }: { code: string; message: string; hint?: string | undefined },
  style: Style,
): string {
  const line = `${style.yellow('warning:')} ${message} ${style.dim(`[${code}]`)}`;
  return hint === undefined ? line : `${line}\n  ${style.bold('next:')} ${hint}`;
}

/** A path as one would type it here: relative where it lies below the working directory. */
export function shortPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short === '' || short.startsWith('..') ? path : short;
}
