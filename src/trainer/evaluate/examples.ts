import type { DataReference } from '../../language/resolved.ts';
import { TunebookError, type Location } from '../../protocol/error.ts';
import { emptyData, filesOf, missingColumn, nameOf, textOf } from '../data/columns.ts';
import { IntegerList } from '../data/integers.ts';
import { LabelReader } from '../data/labels.ts';
import { makePauses } from '../data/pause.ts';
import { withFormat } from '../data/recognise.ts';
import type { SourceRow } from '../data/read.ts';
import { readSplit } from '../data/read-split.ts';
import { targetReader, type Targets } from '../data/targets.ts';
import type { Tokenizer } from '../data/tokenizer.ts';
import type { Sequences } from '../loop/sequences.ts';

/** The rows of a split as text: every candidate reads the same ones with a tokenizer of its own. */
export interface TextExamples {
  /** The split as a config refers to it: `intents.test`. */
  readonly data: string;
  /** The config file that names it. */
  readonly file: string;
  readonly texts: readonly string[];
  /** Second texts, of data with pairs of texts. */
  readonly pairs: readonly string[] | undefined;
  /** Where a row stands. */
  readonly placeOf: (row: number) => Required<Pick<Location, 'file' | 'line'>>;
}

/** Rows with a label each. */
export interface Examples extends TextExamples {
  /** `[rows]` indices into `names`. */
  readonly labels: Int32Array;
  /** The labels that occur, sorted; indices are what `labels` refers to. */
  readonly names: readonly string[];
}

/** Rows with any number of labels each, or with a number. */
export interface TargetExamples extends TextExamples {
  readonly targets: Targets;
}

/**
 * Reads a labelled split.
 * @throws TunebookError `evaluate/no-labels`, `data/…`, `file/…`; the signal's reason when aborted
 */
export async function readExamples(asked: DataReference, signal: AbortSignal): Promise<Examples> {
  const reference = await withFormat(asked, 'text-classification');
  const { dataset } = reference;
  if (dataset.format !== 'classification') throw unlabelled(reference);
  const { label = 'label' } = dataset.columns;
  const reader = new LabelReader(label, {});
  const labels = new IntegerList();
  const texts = await readTexts(reference, signal, (row) => {
    if (!(label in row.values)) throw missingColumn(row, 'label', label);
    labels.push(reader.read(row));
  });
  const { names, order } = reader.finish();
  return { ...texts, labels: labels.toArray().map((index) => order[index]!), names };
}

/**
 * Reads a split of format `multi-label-classification` or `regression`.
 * @throws TunebookError `data/…`, `file/…`; the signal's reason when aborted
 */
export async function readTargetExamples(
  reference: DataReference,
  signal: AbortSignal,
): Promise<TargetExamples> {
  const reader = targetReader(reference.dataset, {});
  const texts = await readTexts(reference, signal, (row) => reader.read(row));
  return { ...texts, targets: reader.finish() };
}

async function readTexts(
  reference: DataReference,
  signal: AbortSignal,
  readAnswer: (row: SourceRow) => void,
): Promise<TextExamples> {
  const { text = 'text', text_pair } = reference.dataset.columns;
  const texts: string[] = [];
  const pairs: string[] = [];
  const places = await readPlaces(reference, signal, (row) => {
    texts.push(textOf(row, 'text', text));
    if (text_pair !== undefined) pairs.push(textOf(row, 'text_pair', text_pair));
    readAnswer(row);
    return true;
  });
  return { ...places, texts, pairs: text_pair === undefined ? undefined : pairs };
}

/**
 * Reads a split row by row, and keeps where each row stands.
 * @param take gives false for a row that is left out
 * @throws TunebookError `data/…`, `file/…`; the signal's reason when aborted
 */
export async function readPlaces(
  reference: DataReference,
  signal: AbortSignal,
  take: (row: SourceRow) => boolean,
): Promise<Pick<TextExamples, 'data' | 'file' | 'placeOf'>> {
  const files = filesOf(reference);
  const [lines, fileOf] = [new IntegerList(), new IntegerList()];
  let header: readonly string[] | undefined;
  let rows = 0;
  const pause = makePauses({ signal });
  const onColumns = (_: string, columns: string[]) => (header = columns);
  for await (const row of readSplit(reference, { onColumns, signal })) {
    rows++;
    if (take(row)) {
      lines.push(row.line);
      fileOf.push(files.indexOf(row.file));
    }
    await pause(rows);
  }
  if (rows === 0) throw emptyData(reference, files, header);
  const [lineArray, fileArray] = [lines.toArray(), fileOf.toArray()];
  return {
    data: nameOf(reference),
    file: reference.dataset.file,
    placeOf: (row) => ({ file: files[fileArray[row]!]!, line: lineArray[row]! }),
  };
}

/** The text of an example as a record keeps it; a pair stands on two lines. */
export function inputOf({ texts, pairs }: TextExamples, row: number): string {
  return pairs ? `${texts[row]}\n${pairs[row]}` : texts[row]!;
}

/**
 * Tokenises examples for one model, cut at its length.
 * @returns the sequences, and how many of them were cut
 * @throws the signal's reason when aborted
 */
export async function tokenizeExamples(
  { texts, pairs }: TextExamples,
  tokenizer: Tokenizer,
  maxLength: number,
  signal: AbortSignal,
): Promise<{ sequences: Sequences; truncated: number }> {
  const [ids, types] = [new IntegerList(), new IntegerList()];
  const offsets = new Int32Array(texts.length + 1);
  const pause = makePauses({ signal });
  let truncated = 0;
  for (const [row, text] of texts.entries()) {
    const encoding = tokenizer.encode(text, { max_length: maxLength, text_pair: pairs?.[row] });
    ids.append(encoding.input_ids);
    if (pairs) types.append(encoding.token_type_ids);
    offsets[row + 1] = ids.length;
    if (encoding.truncated) truncated++;
    await pause(row);
  }
  const sequences = { input_ids: ids.toArray(), offsets };
  return { sequences: pairs ? { ...sequences, token_type_ids: types.toArray() } : sequences, truncated };
}

function unlabelled(reference: DataReference): TunebookError {
  return new TunebookError(
    'evaluate/no-labels',
    `${nameOf(reference)} is of format "${reference.dataset.format}" and has no labels, so there is nothing to compare answers with.`,
    {
      hint: 'Evaluate on a data set of format "classification", with a column of labels.',
      location: { file: reference.dataset.file },
    },
  );
}
