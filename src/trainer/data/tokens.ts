import type { DataReference } from '../../language/resolve.ts';
import { wrongColumnType } from './column-type.ts';
import { emptyData, filesOf, missingColumn } from './columns.ts';
import { IntegerList } from './integers.ts';
import { LabelReader, type LabelRules } from './labels.ts';
import { makePauses } from './pause.ts';
import { dataError, placeOf, quote } from './problem.ts';
import type { SourceRow } from './read.ts';
import { readSplit } from './read-split.ts';
import { emptyReport, type TokenizationReport } from './report.ts';
import type { Tokenizer } from './tokenizer.ts';

/** The label of a token that takes no part in the loss, as in Hugging Face's losses. */
export const IGNORED = -100;

/** Tagged words as a model reads them. Row `r` is `input_ids[offsets[r] … offsets[r + 1]]`. */
export interface TokenizedTokens {
  input_ids: Int32Array<ArrayBuffer>;
  /** [rows + 1] */
  offsets: Int32Array<ArrayBuffer>;
  /** Aligned with `input_ids`: of the first token of each word an index into `labelNames`, else {@link IGNORED}. */
  labels: Int32Array<ArrayBuffer>;
  labelNames: string[];
  report: TokenizationReport;
}

export interface TokensOptions extends LabelRules {
  max_length: number;
  signal?: AbortSignal;
  /** Called now and then with the rows done so far. */
  onProgress?: (rows: number) => void;
}

/**
 * Reads and tokenises a split of format `tokens`: lists of words and of their tags. As in Hugging Face's token-classification
 * example, each word is tokenised by itself and its first token has the label (`label_all_tokens=False`).
 * @throws TunebookError `file/…`, `data/…`: the first thing that is wrong with the data
 */
export async function tokenizeTokens(
  reference: DataReference,
  tokenizer: Tokenizer,
  options: TokensOptions,
): Promise<TokenizedTokens> {
  const { tokens = 'tokens', tags = 'ner_tags' } = reference.dataset.columns;
  const files = filesOf(reference);
  const labelReader = new LabelReader(tags, options);
  const [inputIds, offsets, labels] = [new IntegerList(), new IntegerList(), new IntegerList()];
  const report = emptyReport();
  let header: readonly string[] | undefined;
  const pause = makePauses(options);
  const room = options.max_length - tokenizer.specialTokensPerText;
  const before = tokenizer.specialTokensBefore;
  // With no room at all this throws the error that says so.
  if (room < 1) tokenizer.encode('', { max_length: options.max_length });

  offsets.push(0);
  const onColumns = (_: string, columns: string[]) => (header = columns);
  for await (const row of readSplit(reference, { onColumns, signal: options.signal })) {
    const { words, read } = readTags(row, { tokens, tags }, labelReader);
    const { ids, wordLabels } = alignWords(tokenizer, words, read, room);
    report.rows++;
    if (ids.length > room) report.truncated++;
    const kept = wordLabels.slice(0, room);
    if (!kept.some((label) => label !== IGNORED)) {
      report.dropped++;
      if (ids.length > 0 && !read.some((label) => label !== IGNORED)) report.masked++;
    } else {
      const sequence = tokenizer.addSpecialTokens(ids.slice(0, room)).input_ids;
      inputIds.append(sequence);
      labels.append(sequence.map((_, i) => kept[i - before] ?? IGNORED));
      offsets.push(inputIds.length);
      report.longest = Math.max(report.longest, sequence.length);
    }
    await pause(report.rows);
  }
  if (offsets.length === 1) throw emptyData(reference, files, header);
  report.tokens = inputIds.length;

  const { names, order } = labelReader.finish();
  return {
    input_ids: inputIds.toArray(),
    offsets: offsets.toArray(),
    labels: labels.toArray().map((label) => (label === IGNORED ? IGNORED : order[label]!)),
    labelNames: names,
    report,
  };
}

/**
 * The words of a row and what a reader makes of their tags.
 * @param columns by role
 * @param labelReader reads the tags; without it they are not looked at
 * @throws TunebookError `data/missing-column`, `data/not-list`, `data/unequal-lists`, those of the reader
 */
export function readTags(
  row: SourceRow,
  columns: Readonly<Record<string, string>>,
  labelReader?: LabelReader,
): { words: string[]; read: number[] } {
  const { tokens = 'tokens', tags = 'ner_tags' } = columns;
  const words = listOf(row, 'tokens', tokens);
  const given = listOf(row, 'tags', tags);
  if (words.length !== given.length) throw unequal(row, words.length, given.length);
  const read = labelReader ? given.map((tag) => labelReader.read({ ...row, values: { [tags]: tag } })) : [];
  return { words, read };
}

/**
 * The tokens of words, each tokenised by itself, up to one beyond `room`.
 * @param labels one a word
 * @returns token ids, and for each the label of the word that it begins, else {@link IGNORED}
 */
export function alignWords(
  tokenizer: Tokenizer,
  words: readonly string[],
  labels: readonly number[],
  room: number,
): { ids: number[]; wordLabels: number[] } {
  const ids: number[] = [];
  const wordLabels: number[] = [];
  words.forEach((word, i) => {
    // What lies behind the cut need not be tokenised, but that there is something must be known.
    if (ids.length > room) return;
    const pieces = tokenizer.tokenizeWord(word);
    pieces.forEach((id, place) => {
      ids.push(id);
      wordLabels.push(place === 0 ? labels[i]! : IGNORED);
    });
  });
  return { ids, wordLabels };
}

function listOf(row: SourceRow, role: string, column: string): string[] {
  const { values, file, line } = row;
  const value = values[column];
  if (value === undefined) throw missingColumn(row, role, column);
  if (Array.isArray(value) && value.every((item) => typeof item === 'string' || typeof item === 'number'))
    return value.map(String);
  const wrong = wrongColumnType(row, column, value, { code: 'data/not-list', wanted: `lists of ${role}` });
  if (wrong) throw wrong;
  const message = `${placeOf({ file, line })} has ${quote(value)} in the column "${column}", which is no list of ${role}.`;
  throw dataError('data/not-list', message, { file, line }, 'Give a JSON list, or a CoNLL file (.conll).');
}

function unequal({ file, line }: SourceRow, words: number, tags: number) {
  return dataError(
    'data/unequal-lists',
    `${placeOf({ file, line })} has ${words} tokens and ${tags} tags.`,
    { file, line },
    'Give each token one tag.',
  );
}
