import type { DataReference } from '../../language/resolve.ts';
import { emptyData, filesOf, textOf } from './columns.ts';
import { ALPACA_TEMPLATE } from './alpaca.ts';
import type { ChatTemplate } from './chat-template.ts';
import { chatEncoder } from './chat.ts';
import { conversationReader } from './conversation.ts';
import { encodeToItsEnd } from './end-of-sequence.ts';
import type { Example, LanguageModelOptions } from './example.ts';
import { IntegerList } from './integers.ts';
import { packBestFit, type PackedRows } from './pack.ts';
import { makePauses } from './pause.ts';
import { dataError } from './problem.ts';
import type { SourceRow } from './read.ts';
import { readSplit } from './read-split.ts';
import { emptyReport, type TokenizationReport } from './report.ts';
import { sharedStart } from './shared-start.ts';
import { TokenWriter, type StoredTokens, type TokenWriterOptions } from './stored-tokens.ts';
import type { Tokenizer } from './tokenizer.ts';

/** Texts as a causal language model reads them. Sequence `s` is the tokens `offsets[s] … offsets[s + 1]`. */
export interface TokenizedLanguageModel {
  tokens: StoredTokens;
  /** [sequences + 1] */
  offsets: Int32Array<ArrayBuffer>;
  /** Which sequences stand together in a row; absent when each is a row. */
  packed?: PackedRows;
  report: TokenizationReport;
}

/**
 * Reads and tokenises a split for causal language modelling, as TRL 1.16's SFTTrainer does: the end-of-sequence token is put
 * behind each text or completion that does not end with it; what is longer than `max_length` is cut, or with packing `wrapped`
 * laid end to end and cut into rows of `max_length`. An example without a token to predict is dropped.
 * @param storage where the tokens are kept
 * @throws TunebookError `file/…`, `data/…`, `run/…` where there are many tokens, and they cannot be written
 */
export async function tokenizeLanguageModel(
  reference: DataReference,
  tokenizer: Tokenizer,
  options: LanguageModelOptions,
  storage?: TokenWriterOptions,
): Promise<TokenizedLanguageModel> {
  const files = filesOf(reference);
  const { max_length, packing, packing_strategy } = options;
  const wraps = packing && packing_strategy === 'wrapped';
  const { encode, template } = encoderOf(reference, tokenizer, options);
  const writer = new TokenWriter(storage);
  const offsets = new IntegerList();
  const report = emptyReport();
  let header: readonly string[] | undefined;
  const seen = { turns: 0, learnable: 0 };
  const pause = makePauses(options);

  offsets.push(0);
  const onColumns = (_: string, columns: string[]) => (header = columns);
  for await (const row of readSplit(reference, { onColumns, signal: options.signal })) {
    const { ids, counted } = encode(row);
    report.rows++;
    seen.turns += counted.length;
    if (predicts(counted, ids.length)) seen.learnable++;
    const kept = wraps ? ids : ids.slice(0, max_length);
    if (kept.length < ids.length) report.truncated++;
    if (!predicts(counted, kept.length)) {
      report.dropped++;
      if (ids.length > 1 && !predicts(counted, ids.length)) report.masked++;
    } else {
      writer.append(kept, counted);
      offsets.push(writer.length);
    }
    await pause(report.rows);
    if (report.rows === options.most) break;
  }
  if (report.rows === 0) throw emptyData(reference, files, header);
  if (template && options.assistant_only_loss && seen.learnable === 0)
    throw nothingOfAssistant(files, template, seen.turns > 0);
  if (offsets.length === 1) throw nothingToPredict(files, max_length);
  report.tokens = writer.length;

  const sequences = { tokens: writer.finish(), offsets: offsets.toArray() };
  if (wraps) {
    report.longest = Math.min(max_length, report.tokens);
    const cut = { ...sequences, offsets: cutEvenly(report.tokens, max_length) };
    const kept = rowsWithTargets(cut);
    const all = cut.offsets.length - 1;
    report.dropped += all - kept.length;
    // A last row of one token has nothing to predict, masked or not.
    const isAlone = report.tokens % max_length === 1 && !kept.includes(all - 1);
    report.masked += all - kept.length - (isAlone ? 1 : 0);
    return { ...cut, ...(kept.length < all ? { packed: eachAlone(kept) } : {}), report };
  }
  const lengths = sequences.offsets.slice(1).map((end, i) => end - sequences.offsets[i]!);
  report.longest = lengths.reduce((a, b) => Math.max(a, b), 0);
  return { ...sequences, ...(packing ? { packed: packBestFit(lengths, max_length) } : {}), report };
}

function encoderOf(
  { dataset }: DataReference,
  tokenizer: Tokenizer,
  options: LanguageModelOptions,
): { encode: (row: SourceRow) => Example; template?: ChatTemplate } {
  const { completion_only_loss } = options;
  const conversation = conversationReader(dataset);
  if (conversation && dataset.format === 'alpaca') {
    // An instruction and what answers it are a prompt and its completion.
    const assistant_only_loss = options.assistant_only_loss || completion_only_loss;
    return chatEncoder(conversation, tokenizer, { ...options, assistant_only_loss }, ALPACA_TEMPLATE);
  }
  if (conversation) return chatEncoder(conversation, tokenizer, options);
  const { text = 'text', prompt = 'prompt', completion = 'completion' } = dataset.columns;
  if (dataset.format !== 'prompt-completion')
    return { encode: (row) => whole(encodeToItsEnd(textOf(row, 'text', text), tokenizer)) };
  const encode = (row: SourceRow) => {
    const before = textOf(row, 'prompt', prompt);
    const ids = encodeToItsEnd(before + textOf(row, 'completion', completion), tokenizer);
    if (!completion_only_loss) return whole(ids);
    return whole(ids, sharedStart(tokenizer.addSpecialTokens(tokenizer.tokenize(before)).input_ids, ids));
  };
  return { encode };
}

/** Whether one of the first tokens of a sequence is to be predicted. The very first one has nothing before it that could do so. */
function predicts(counted: Example['counted'], length: number): boolean {
  return counted.some(([from, to]) => Math.max(1, from) < Math.min(to, length));
}

function whole(ids: readonly number[], from = 0): Example {
  return { ids, counted: [[from, ids.length]] };
}

/** Offsets of rows of `size` tokens; the last one has what is left. */
function cutEvenly(tokens: number, size: number): Int32Array<ArrayBuffer> {
  const rows = Math.ceil(tokens / size);
  return Int32Array.from({ length: rows + 1 }, (_, row) => Math.min(tokens, row * size));
}

/** A row that was cut out of the middle may hold nothing but a prompt, and one of a single token predicts nothing. */
function rowsWithTargets({ tokens, offsets }: Pick<TokenizedLanguageModel, 'tokens' | 'offsets'>): number[] {
  const rows = [...offsets.keys()].slice(0, -1);
  return rows.filter((row) => tokens.read(offsets[row]! + 1, offsets[row + 1]!).some((word) => word < 0));
}

function eachAlone(rows: readonly number[]): PackedRows {
  return {
    members: Int32Array.from(rows),
    offsets: Int32Array.from({ length: rows.length + 1 }, (_, i) => i),
  };
}

/** @param speaks whether there are messages of the assistant, of which the template writes nothing */
function nothingOfAssistant(files: readonly string[], template: ChatTemplate, speaks: boolean) {
  if (!speaks)
    return dataError(
      'data/all-masked',
      'No row has a token to predict: no conversation has a message of the role "assistant" that counts, and assistant_only_loss learns nothing else.',
      { file: files[0] ?? '' },
      'Give what is learnt the role "assistant" (a message with `weight: 0` does not count), or set assistant_only_loss: false.',
    );
  const what = template.marksTurns
    ? 'has nothing between {% generation %} and {% endgeneration %}'
    : 'writes nothing of what the assistant says';
  return dataError(
    'data/all-masked',
    `No row has a token to predict: the chat template in ${template.place} ${what}, and assistant_only_loss learns nothing else.`,
    { file: template.place },
    'Put {% generation %} and {% endgeneration %} around what the template writes of the assistant, take another with `chat_template_path`, or set assistant_only_loss: false.',
  );
}

function nothingToPredict(files: readonly string[], max_length: number) {
  return dataError(
    'data/all-masked',
    `No row has a token to predict within max_length: ${max_length}.`,
    { file: files[0] ?? '' },
    'Raise `max_length`, so that something of the completions is left, or look at the columns.',
  );
}
