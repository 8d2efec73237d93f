/**
 * What the mark above a result says of it. All values are words without white space.
 */
export interface OutputAttributes {
  /** Ids of the runs that gave the result, in the order of the cell's documents. */
  runs: readonly string[];
  /** Hash of all that the result depends on. */
  inputs?: string;
  /** Seconds that the cell took. */
  seconds?: number;
  /** {@link checksum} of the result as it was written, by which one sees whether a person changed it. */
  checksum?: string;
}

/** Stands between two pieces of prose that are cells of their own in an editor: Markdown itself has no such border. */
export const PROSE_BORDER = '<!-- tunebook:cell -->';

export const OUTPUT_END = '<!-- /tunebook:output -->';

/** A comment as a mark of a result. */
export type OutputMark =
  { type: 'begin'; attributes: OutputAttributes } | { type: 'end' } | { type: 'broken' };

/** Reads the first line of an HTML comment; `undefined` where it is no mark of ours. */
export function readMark(comment: string): OutputMark | undefined {
  if (/^<!--\s*\/tunebook:output\s*-->$/.test(comment)) return { type: 'end' };
  if (!/^<!--\s*\/?tunebook:output\b/.test(comment)) return undefined;
  const match = /^<!--\s*tunebook:output((?:\s+[a-z]+=[^\s>]*)*)\s*-->$/.exec(comment);
  if (!match) return { type: 'broken' };
  const values = new Map(
    [...(match[1] ?? '').matchAll(/([a-z]+)=(\S*)/g)].map(([, name, value]) => [name, value ?? '']),
  );
  const seconds = Number(values.get('seconds') ?? NaN);
  const inputs = values.get('inputs');
  const sum = values.get('checksum');
  return {
    type: 'begin',
    attributes: {
      runs: (values.get('run') ?? '').split(',').filter(Boolean),
      ...(inputs !== undefined && { inputs }),
      ...(Number.isFinite(seconds) && { seconds }),
      ...(sum !== undefined && { checksum: sum }),
    },
  };
}

/** The mark above a result. */
export function writeMark({ runs, inputs, seconds, checksum: sum }: OutputAttributes): string {
  const words = [
    runs.length > 0 ? `run=${runs.join(',')}` : undefined,
    inputs === undefined ? undefined : `inputs=${inputs}`,
    seconds === undefined ? undefined : `seconds=${seconds}`,
    sum === undefined ? undefined : `checksum=${sum}`,
  ];
  return `<!-- ${['tunebook:output', ...words.filter((word) => word !== undefined)].join(' ')} -->`;
}

/** A short sum of a text, by FNV-1a, whatever its line ends and the white space around it. */
export function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text.replace(/\r\n|\r/g, '\n').trim())) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
