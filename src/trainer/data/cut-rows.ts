import { statSync } from 'node:fs';
import type { RowCut } from '../../protocol/inspect.ts';
import { drawHeldOut } from './draw-held-out.ts';
import { makePauses } from './pause.ts';
import { dataError, list } from './problem.ts';
import { readRows, type ReadOptions } from './read.ts';

/** Tells of each row, in the order of the files, whether it belongs to a side of a cut. */
export type RowFilter = () => boolean;

/** What was drawn for files that have not changed since; a run reads them several times. */
const drawn = new Map<string, Uint8Array>();
const MAX_DRAWN = 4;

/**
 * Which rows of some files belong to one side of a cut. Reads them whole to count them, unless that was done just now.
 * @throws TunebookError `data/held-out` where the cut leaves a side without rows or lacks its column, and those of the readers; the
 * signal's reason when aborted
 */
export async function cutRows(
  files: readonly string[],
  cut: RowCut,
  options: Pick<ReadOptions, 'signal' | 'sample_by'> & { skipsBadRows?: boolean } = {},
): Promise<RowFilter> {
  const { side, ...holdOut } = cut;
  const { signal, sample_by, skipsBadRows = false } = options;
  const key = JSON.stringify([files.map(stampOf), holdOut, sample_by, skipsBadRows]);
  let isHeld = drawn.get(key);
  if (!isHeld) {
    isHeld = await draw(files, cut, options);
    drawn.set(key, isHeld);
    const [oldest] = drawn.keys();
    if (drawn.size > MAX_DRAWN && oldest !== undefined) drawn.delete(oldest);
  }
  const wanted = side === 'test' ? 1 : 0;
  const all = isHeld;
  let row = 0;
  return () => {
    signal?.throwIfAborted();
    return all[row++] === wanted;
  };
}

async function draw(
  files: readonly string[],
  cut: RowCut,
  { signal, sample_by, skipsBadRows }: Parameters<typeof cutRows>[2] & object,
): Promise<Uint8Array> {
  const { stratify_by_column: column } = cut;
  const values: string[] = [];
  const kinds = new Map<string, number>();
  const ofRow: number[] = [];
  const pause = makePauses({ signal });
  let rows = 0;
  // Whoever collects problems gets those of the rows when the rows are read for themselves.
  const onProblem = skipsBadRows ? { onProblem: () => undefined } : {};
  for await (const row of readRows(files, { signal, ...(sample_by && { sample_by }), ...onProblem })) {
    await pause(++rows);
    if (column === undefined) continue;
    if (!Object.hasOwn(row.values, column))
      throw dataError(
        'data/held-out',
        `There is no column "${column}" to stratify by in ${row.file}; it has ${list(Object.keys(row.values), 12)}.`,
        { file: row.file },
        'Name one of them in `stratify_by_column`, or remove it.',
      );
    const value = row.values[column];
    const text = typeof value === 'string' ? value : JSON.stringify(value ?? null);
    let kind = kinds.get(text);
    if (kind === undefined) {
      kinds.set(text, (kind = values.length));
      values.push(text);
    }
    ofRow.push(kind);
  }
  const found = drawHeldOut(rows, cut, column === undefined ? undefined : ranked(ofRow, values));
  if (found instanceof Uint8Array) return found;
  throw dataError('data/held-out', found.why, { file: files[0] ?? '' }, found.hint);
}

/** Classes as `datasets` numbers them: in the order of their names. */
function ranked(ofRow: readonly number[], values: readonly string[]): Int32Array {
  const sorted = values.map((_, kind) => kind).sort((a, b) => (values[a]! < values[b]! ? -1 : 1));
  const rank = new Int32Array(values.length);
  for (const [place, kind] of sorted.entries()) rank[kind] = place;
  return Int32Array.from(ofRow, (kind) => rank[kind]!);
}

function stampOf(file: string): unknown {
  const { size, mtimeMs } = statSync(file, { throwIfNoEntry: false }) ?? {};
  return [file, size, mtimeMs];
}
