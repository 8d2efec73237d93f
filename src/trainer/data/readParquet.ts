import { classNames, namedClasses } from './class-labels.ts';
import { dataError } from './problem.ts';
import { checkReadable } from './lines.ts';
import type { ReadOptions, SourceRow } from './row.ts';

/**
 * A Parquet file, row group by row group: memory holds one group at a time. A row's `line` is its number. Lists and structs become
 * arrays and objects; 64-bit integers become numbers where they fit, dates become ISO texts, ids of classes their names.
 * @throws TunebookError `file/missing`, `file/unreadable`, `data/bad-parquet`
 */
export async function* readParquet(file: string, options: ReadOptions): AsyncGenerator<SourceRow> {
  await checkReadable(file);
  const [{ asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, parquetSchema }, { compressors }] =
    await Promise.all([import('hyparquet'), import('hyparquet-compressors')]);
  const buffer = await asyncBufferFromFile(file);
  const metadata = await guarded(file, parquetMetadataAsync(buffer));
  options.onColumns?.(
    file,
    parquetSchema(metadata).children.map(({ element }) => element.name),
  );
  const classes = classNames(metadata.key_value_metadata?.find(({ key }) => key === 'huggingface')?.value);
  const groups = metadata.row_groups;
  let rowStart = 0;
  for (const [index, group] of groups.entries()) {
    options.signal?.throwIfAborted();
    const rowEnd = rowStart + Number(group.num_rows);
    const rows = await guarded(
      file,
      parquetReadObjects({ file: buffer, metadata, rowStart, rowEnd, compressors }),
    );
    options.onBytes?.(file, Math.round((buffer.byteLength * (index + 1)) / groups.length));
    for (const [at, row] of rows.entries()) {
      const values = Object.entries(row).map(([name, value]) => {
        const names = Object.hasOwn(classes, name) ? classes[name] : undefined;
        return [name, names ? namedClasses(plain(value), names) : plain(value)] as const;
      });
      yield { values: Object.fromEntries(values), file, line: rowStart + at + 1, classes };
    }
    rowStart = rowEnd;
  }
}

/** A value as JSON could hold it. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return plain(Array.from(elementsOf(value)));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
}

function elementsOf(view: ArrayBufferView): Iterable<unknown> {
  // SAFETY: every view but a DataView, which the caller leaves out, is a typed array.
  return view as Uint8Array;
}

async function guarded<Value>(file: string, reading: Promise<Value>): Promise<Value> {
  try {
    return await reading;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw dataError(
      'data/bad-parquet',
      `${file} cannot be read as Parquet: ${reason.replace(/\.$/, '')}.`,
      { file },
      'Fetch or write the file again; a file of another kind needs the ending of that kind.',
      cause,
    );
  }
}
