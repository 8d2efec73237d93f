import { once } from 'node:events';
import { CsvError, parse } from 'csv-parse';
import { readLineBlocks } from './lines.ts';
import { dataError, list, quote } from './problem.ts';
import { report, type ReadOptions, type SourceRow } from './row.ts';

/** More than this in one row is a quote that was never closed, not a row. Characters. */
const MAX_RECORD = 16 * 2 ** 20;

interface CsvRecord {
  record: string[];
  raw: string;
}

/**
 * A csv or tsv file with a header. Quoted fields may hold separators, line breaks and doubled quotes; a quote in the middle of
 * an unquoted field is a plain character. Blank lines are skipped. Every row must have as many fields as the header.
 * @throws TunebookError `data/bad-csv`, `data/bad-header`, `data/bad-row`
 */
export async function* readCsv(
  file: string,
  delimiter: string,
  options: ReadOptions,
): AsyncGenerator<SourceRow> {
  let line = 1;
  let header: string[] | undefined;
  for await (const { record, raw } of readRecords(file, delimiter, () => line, options)) {
    const start = line;
    // The parser drops the second half of a CRLF that ends a record.
    line += raw.split('\n').length - 1 + (raw.endsWith('\r') ? 1 : 0);
    if (record.length === 1 && record[0]!.trim() === '') continue;
    if (header === undefined) {
      header = checkHeader(file, start, record, delimiter);
      options.onColumns?.(file, header);
    } else if (record.length === header.length) {
      const values: Record<string, unknown> = {};
      for (let i = 0; i < header.length; i++) values[header[i]!] = record[i];
      yield { values, file, line: start };
    } else {
      report(wrongFieldCount(file, start, record, header, delimiter), options);
    }
  }
}

async function* readRecords(
  file: string,
  delimiter: string,
  currentLine: () => number,
  options: ReadOptions,
): AsyncGenerator<CsvRecord> {
  const parser = parse({
    delimiter,
    raw: true,
    relax_quotes: true,
    relax_column_count: true,
    record_delimiter: ['\r\n', '\n'],
    max_record_size: MAX_RECORD,
  });
  let failure: unknown;
  // SAFETY: with `raw` and without `columns` the parser gives objects of this shape.
  const take = () => parser.read() as CsvRecord | null;
  parser.on('error', (error) => (failure = error));
  function* drain(): Generator<CsvRecord> {
    for (let next = take(); next !== null; next = take()) yield next;
    if (failure !== undefined) throw explain(file, currentLine(), failure);
  }
  for await (const block of readLineBlocks(file, options.signal)) {
    options.onBytes?.(file, block.bytes);
    const full = !parser.write(block.text);
    // A failure is thrown by drain(), in words of ours.
    if (full && parser.readableLength === 0 && failure === undefined)
      await once(parser, 'drain').catch(() => {});
    yield* drain();
  }
  const finished = once(parser, 'finish').catch(() => {});
  parser.end();
  await finished;
  yield* drain();
}

function checkHeader(file: string, line: number, header: string[], delimiter: string): string[] {
  const names = header.map((name) => name.trim());
  const [only = '', ...more] = names;
  const other = more.length > 0 ? undefined : OTHER_SEPARATORS.find(({ in: found }) => found.test(only));
  if (other && other.separator !== delimiter)
    throw dataError(
      'data/bad-header',
      `The header of ${file} names one column, ${quote(only)}: its columns seem to be separated by ${other.name}, not by ${delimiter === '\t' ? 'tabs' : 'commas'}.`,
      { file, line },
      other.hint,
    );
  const hint = 'The first line names the columns, each once.';
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw dataError(
      'data/bad-header',
      `The header of ${file} has two columns "${twice}".`,
      { file, line },
      hint,
    );
  }
  return names;
}

/** What others put between columns; a title with a space behind the sign is a sentence. */
const OTHER_SEPARATORS = [
  {
    separator: ';',
    name: 'semicolons',
    in: /^[^;]+(;[^;\s][^;]*)+$/,
    hint: 'Save it with commas: spreadsheets ask for the separator when they export.',
  },
  { separator: '\t', name: 'tabs', in: /\t/, hint: 'Give its name the ending .tsv.' },
  { separator: ',', name: 'commas', in: /^[^,]+(,[^,\s][^,]*)+$/, hint: 'Give its name the ending .csv.' },
];

function wrongFieldCount(file: string, line: number, record: string[], header: string[], delimiter: string) {
  const more = record.length > header.length;
  const separator = delimiter === '\t' ? 'a tab' : 'a comma';
  return dataError(
    'data/bad-row',
    `Line ${line} of ${file} has ${record.length} field${record.length === 1 ? '' : 's'}, but the header names ${header.length} (${list(header)}).`,
    { file, line },
    more
      ? `Put quotes around a field that holds ${separator}.`
      : 'Fill in the missing fields, or delete the line.',
  );
}

function explain(file: string, line: number, error: unknown): unknown {
  if (!(error instanceof CsvError)) return error;
  if (error.code === 'CSV_QUOTE_NOT_CLOSED' || error.code === 'CSV_MAX_RECORD_SIZE') {
    return dataError(
      'data/bad-csv',
      `A quote that opens in the row at line ${line} of ${file} is never closed.`,
      { file, line },
      'Close the quote; a quote inside a quoted field is written twice ("").',
      error,
    );
  }
  return dataError(
    'data/bad-csv',
    `${file}, row at line ${line}: ${error.message}.`,
    { file, line },
    'Correct the row.',
    error,
  );
}
