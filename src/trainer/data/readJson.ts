import { formatLocation, type Location } from '../../protocol/error.ts';
import { readLineBlocks } from './lines.ts';
import { dataError, quote } from './problem.ts';
import { report, type ReadOptions, type SourceRow } from './row.ts';
import { splitJson } from './splitJson.ts';

/** A file with one JSON object a line; blank lines are skipped. */
export async function* readJsonLines(file: string, options: ReadOptions): AsyncGenerator<SourceRow> {
  for await (const { text, line, bytes } of readLineBlocks(file, options.signal)) {
    options.onBytes?.(file, bytes);
    let number = line;
    for (const content of text.split('\n')) {
      if (content.trim() !== '') {
        const row = parseRow(file, number, content, options);
        if (row) yield row;
      }
      number++;
    }
  }
}

/**
 * A JSON file: an array of objects, or objects one after another (many files called .json hold JSON lines). The
 * elements are cut apart before they are parsed, so the array is never in memory as a whole.
 */
export async function* readJson(file: string, options: ReadOptions): AsyncGenerator<SourceRow> {
  const blocks = readLineBlocks(file, options.signal);
  for await (const { text, line } of splitJson(file, withProgress(file, blocks, options))) {
    const row = parseRow(file, line, text, options);
    if (row) yield row;
  }
}

async function* withProgress(file: string, blocks: ReturnType<typeof readLineBlocks>, options: ReadOptions) {
  for await (const block of blocks) {
    options.onBytes?.(file, block.bytes);
    yield block;
  }
}

function parseRow(file: string, line: number, text: string, options: ReadOptions): SourceRow | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    report(badJson(file, line, text, error), options);
    return undefined;
  }
  if (isDeeperThan(value, DEEPEST)) {
    const message = `The row at line ${line} of ${file} holds lists or objects in each other, more than ${DEEPEST} deep.`;
    const hint = 'Keep to what the columns of the format hold: texts, numbers and lists of them.';
    report(dataError('data/bad-row', message, { file, line }, hint), options);
    return undefined;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return { values: { ...value }, file, line };
  const message = `The row at line ${line} of ${file} is ${kindOf(value)} (${quote(value)}), not an object.`;
  const hint = 'A row is an object with the columns as its keys, e.g. {"text": "…", "label": "…"}.';
  report(dataError('data/bad-row', message, { file, line }, hint), options);
  return undefined;
}

/** Rows are compared and shown as text, which goes as deep as they do. */
const DEEPEST = 500;

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((each) => isDeeperThan(each, levels - 1));
}

function badJson(file: string, line: number, text: string, error: unknown) {
  const reason = error instanceof Error ? error.message : String(error);
  // V8 gives the position only where the text is long.
  const position = /at position (\d+)/.exec(reason)?.[1];
  const before = text.slice(0, Number(position ?? 0)).split('\n');
  const location: Location = { file, line: line + before.length - 1 };
  if (position !== undefined) location.column = before.at(-1)!.length + 1;
  // V8 repeats the text and the position, which are given in our own words.
  const what = reason.replace(
    / in JSON at position.*| \(line \d+ column \d+\)$|, (\.\.\.)?".*" is not valid JSON$/s,
    '',
  );
  const message = `${formatLocation(location)} is no valid JSON: ${what}.`;
  return dataError(
    'data/bad-json',
    message,
    location,
    'Correct the row; a JSON formatter shows what is wrong with it.',
    error,
  );
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}
