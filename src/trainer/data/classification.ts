import type { DataReference } from '../../language/resolve.ts';
import { emptyData, filesOf, missingColumn, textOf } from './columns.ts';
import { IntegerList } from './integers.ts';
import { LabelReader, type LabelRules } from './labels.ts';
import type { SourceRow } from './read.ts';
import { readSplit } from './read-split.ts';
import { emptyReport, type TokenizationReport } from './report.ts';
import { targetReader, type Targets } from './targets.ts';
import type { Tokenizer } from './tokenizer.ts';
import { makePauses } from './pause.ts';

/** Texts as a model reads them. Row `r` is `input_ids[offsets[r] … offsets[r + 1]]`. */
export interface TokenizedTexts {
  /** Token ids of all rows, one after another, special tokens included. */
  input_ids: Int32Array<ArrayBuffer>;
  /** Token type ids, aligned with `input_ids`; absent when all are 0 (no pairs of texts). */
  token_type_ids?: Int32Array<ArrayBuffer>;
  /** [rows + 1] */
  offsets: Int32Array<ArrayBuffer>;
  /** Where a row comes from. */
  sources(row: number): { file: string; line: number };
  /** The texts, where `keepTexts` asked for them. */
  texts?: string[];
  report: TokenizationReport;
}

/** Texts with a label each. */
export interface TokenizedClassification extends TokenizedTexts {
  /** [rows] indices into `labelNames`. */
  labels: Int32Array<ArrayBuffer>;
  labelNames: string[];
}

/** Texts with any number of labels each, or with a number. */
export interface TokenizedTargets extends TokenizedTexts {
  targets: Targets;
}

export interface ClassificationOptions extends LabelRules {
  max_length: number;
  keepTexts?: boolean;
  signal?: AbortSignal;
  /** Called now and then with the rows done so far. */
  onProgress?: (rows: number) => void;
}

/**
 * Reads and tokenises a split of format `classification`: columns `text` and `label`, and `text_pair` for pairs of texts.
 * @throws TunebookError `file/…`, `data/…`: the first thing that is wrong with the data
 */
export async function tokenizeClassification(
  reference: DataReference,
  tokenizer: Tokenizer,
  options: ClassificationOptions,
): Promise<TokenizedClassification> {
  const { label = 'label' } = reference.dataset.columns;
  const reader = new LabelReader(label, options);
  const labels = new IntegerList();
  const texts = await tokenizeTexts(reference, tokenizer, options, (row) => {
    if (!(label in row.values)) throw missingColumn(row, 'label', label);
    labels.push(reader.read(row));
  });
  const { names, order } = reader.finish();
  return { ...texts, labels: labels.toArray().map((index) => order[index]!), labelNames: names };
}

/**
 * Reads and tokenises a split of format `multi-label-classification` or `regression`: columns `text`, `text_pair` for pairs of texts,
 * and those of the answers.
 * @throws TunebookError as {@link tokenizeClassification}
 */
export async function tokenizeTargets(
  reference: DataReference,
  tokenizer: Tokenizer,
  options: ClassificationOptions,
): Promise<TokenizedTargets> {
  const reader = targetReader(reference.dataset, options);
  const texts = await tokenizeTexts(reference, tokenizer, options, (row) => reader.read(row));
  return { ...texts, targets: reader.finish() };
}

/** Reads and tokenises the texts of a split; `readAnswer` is given each row for what else stands in it. */
async function tokenizeTexts(
  reference: DataReference,
  tokenizer: Tokenizer,
  options: ClassificationOptions,
  readAnswer: (row: SourceRow) => void,
): Promise<TokenizedTexts> {
  const { text = 'text', text_pair } = reference.dataset.columns;
  const files = filesOf(reference);
  const [inputIds, typeIds, offsets, lines, fileOf] = Array.from({ length: 5 }, () => new IntegerList());
  const texts: string[] = [];
  let truncated = 0;
  let longest = 0;
  let header: readonly string[] | undefined;
  const pause = makePauses(options);

  offsets!.push(0);
  const onColumns = (_: string, columns: string[]) => (header = columns);
  for await (const row of readSplit(reference, { onColumns, signal: options.signal })) {
    const content = textOf(row, 'text', text);
    readAnswer(row);
    const pair = text_pair === undefined ? undefined : textOf(row, 'text_pair', text_pair);
    const encoding = tokenizer.encode(content, { max_length: options.max_length, text_pair: pair });
    inputIds!.append(encoding.input_ids);
    if (pair !== undefined) typeIds!.append(encoding.token_type_ids);
    offsets!.push(inputIds!.length);
    lines!.push(row.line);
    fileOf!.push(files.indexOf(row.file));
    if (encoding.truncated) truncated++;
    longest = Math.max(longest, encoding.input_ids.length);
    if (options.keepTexts) texts.push(pair === undefined ? content : `${content}\n${pair}`);
    await pause(lines!.length);
  }
  const rows = lines!.length;
  if (rows === 0) throw emptyData(reference, files, header);

  const [lineArray, fileArray] = [lines!.toArray(), fileOf!.toArray()];
  return {
    input_ids: inputIds!.toArray(),
    ...(text_pair !== undefined && { token_type_ids: typeIds!.toArray() }),
    offsets: offsets!.toArray(),
    sources: (row) => ({ file: files[fileArray[row]!]!, line: lineArray[row]! }),
    ...(options.keepTexts && { texts }),
    report: { ...emptyReport(), rows, truncated, longest, tokens: inputIds!.length },
  };
}
