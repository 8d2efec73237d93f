import { dataError, list } from './problem.ts';
import { readConll } from './readConll.ts';
import { readCsv } from './readCsv.ts';
import { readParquet } from './readParquet.ts';
import { readJson, readJsonLines } from './readJson.ts';
import { readText } from './readText.ts';
import type { ReadOptions, SourceRow } from './row.ts';

export type { ReadOptions, SourceRow } from './row.ts';

type Reader = (file: string, options: ReadOptions) => AsyncGenerator<SourceRow>;

/** How each kind of file is read; `.gz` may follow any of them but Parquet. */
const READERS: Record<string, Reader> = {
  '.csv': (file, options) => readCsv(file, ',', options),
  '.tsv': (file, options) => readCsv(file, '\t', options),
  '.json': readJson,
  '.jsonl': readJsonLines,
  '.ndjson': readJsonLines,
  '.txt': readText,
  '.conll': readConll,
  '.parquet': readParquet,
};

/** File name endings that {@link readRows} knows. */
export const DATA_EXTENSIONS: readonly string[] = Object.keys(READERS);

/**
 * The rows of some files, in order, one at a time: memory does not grow with the files.
 * @throws TunebookError `file/…` and `data/…` (see docs/data.md); the signal's reason when aborted
 */
export async function* readRows(
  files: readonly string[],
  options: ReadOptions = {},
): AsyncGenerator<SourceRow> {
  for (const file of files) yield* readerOf(file)(file, options);
}

/** Whether the name of a file says that it can be read. */
export function isDataFile(file: string): boolean {
  return readerFor(file) !== undefined;
}

/** Throws `data/unknown-format` unless the name of `file` says how it is read. */
function readerOf(file: string): Reader {
  const reader = readerFor(file);
  if (reader) return reader;
  const extension = extensionOf(file);
  throw dataError(
    'data/unknown-format',
    extension
      ? `Files ending in ${extension} are not known: ${file}.`
      : `${file} has no ending that says what it is.`,
    { file },
    `Known are ${list(DATA_EXTENSIONS)}, each but the last also with .gz behind it.`,
  );
}

function readerFor(file: string): Reader | undefined {
  // Parquet is packed inside, and is read from its end.
  return file.toLowerCase().endsWith('.parquet.gz') ? undefined : READERS[extensionOf(file)];
}

function extensionOf(file: string): string {
  return /\.[^./\\]*$/.exec(file.toLowerCase().replace(/\.gz$/, ''))?.[0] ?? '';
}
