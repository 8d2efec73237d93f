import type { DataReference } from '../../language/resolve.ts';
import { emptyData, filesOf, textOf } from './columns.ts';
import { IntegerList } from './integers.ts';
import { makePauses } from './pause.ts';
import { readSplit } from './read-split.ts';
import { emptyReport, type TokenizationReport } from './report.ts';
import type { Tokenizer } from './tokenizer.ts';

/** Texts as a model reads them. Sequence `s` is `input_ids[offsets[s] … offsets[s + 1]]`. */
export interface TokenizedText {
  /** Token ids of all sequences, one after another, special tokens included. */
  input_ids: Int32Array<ArrayBuffer>;
  /** [sequences + 1] */
  offsets: Int32Array<ArrayBuffer>;
  /** Where a sequence comes from. */
  sources(sequence: number): { file: string; line: number };
  /** `truncated` counts rows that were split into several sequences: nothing is lost. */
  report: TokenizationReport;
}

export interface TextOptions {
  /** Tokens that a sequence may have, special tokens included. */
  max_length: number;
  signal?: AbortSignal;
  /** Called now and then with the rows done so far. */
  onProgress?: (rows: number) => void;
}

/**
 * Reads and tokenises a split of format `text` for masked-language pretraining, one row a sequence. A row that is too
 * long is split into sequences of max_length, each with its own special tokens.
 * @throws TunebookError `file/…`, `data/…`
 */
export async function tokenizeText(
  reference: DataReference,
  tokenizer: Tokenizer,
  options: TextOptions,
): Promise<TokenizedText> {
  const { text = 'text' } = reference.dataset.columns;
  const files = filesOf(reference);
  const room = options.max_length - tokenizer.specialTokensPerText;
  const inputIds = new IntegerList();
  const offsets = new IntegerList();
  const lines = new IntegerList();
  const fileOf = new IntegerList();
  const report = emptyReport();
  let header: readonly string[] | undefined;
  const pause = makePauses(options);

  // With no room at all this throws the error that says so.
  if (room < 1) tokenizer.encode('', { max_length: options.max_length });
  offsets.push(0);
  const onColumns = (_: string, columns: string[]) => (header = columns);
  for await (const row of readSplit(reference, { onColumns, signal: options.signal })) {
    const ids = tokenizer.tokenize(textOf(row, 'text', text));
    report.rows++;
    if (ids.length === 0) report.dropped++;
    if (ids.length > room) report.truncated++;
    for (let start = 0; start < ids.length; start += room) {
      const { input_ids } = tokenizer.addSpecialTokens(ids.slice(start, start + room));
      inputIds.append(input_ids);
      offsets.push(inputIds.length);
      lines.push(row.line);
      fileOf.push(files.indexOf(row.file));
      report.longest = Math.max(report.longest, input_ids.length);
    }
    await pause(report.rows);
  }
  if (offsets.length === 1) throw emptyData(reference, files, header);
  report.tokens = inputIds.length;
  const [lineArray, fileArray] = [lines.toArray(), fileOf.toArray()];
  return {
    input_ids: inputIds.toArray(),
    offsets: offsets.toArray(),
    sources: (sequence) => ({ file: files[fileArray[sequence]!]!, line: lineArray[sequence]! }),
    report,
  };
}
