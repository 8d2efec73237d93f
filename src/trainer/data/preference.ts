import type { DataReference } from '../../language/resolve.ts';
import { loadChatTemplate, type ChatTemplate } from './chat-template.ts';
import { emptyData, filesOf } from './columns.ts';
import { encodeToItsEnd } from './end-of-sequence.ts';
import { ByteList, IntegerList } from './integers.ts';
import { makePauses } from './pause.ts';
import { readPreference, type Preference } from './preference-row.ts';
import { notRendered } from './chat.ts';
import { dataError } from './problem.ts';
import type { SourceRow } from './read.ts';
import { readSplit } from './read-split.ts';
import { emptyReport, type TokenizationReport } from './report.ts';
import { sharedStart } from './shared-start.ts';
import type { Tokenizer } from './tokenizer.ts';

/** Pairs of answers as a model reads them: sequence `2 p` is prompt and chosen answer of pair `p`, `2 p + 1` its rejected one. */
export interface TokenizedPreference {
  /** Token ids of all sequences, one after another. */
  input_ids: Int32Array<ArrayBuffer>;
  /** [2 pairs + 1] */
  offsets: Int32Array<ArrayBuffer>;
  /** Aligned with `input_ids`: 1 for the tokens of an answer. */
  loss_mask: Uint8Array<ArrayBuffer>;
  report: TokenizationReport;
}

export interface PreferenceOptions {
  /** Tokens that a prompt and one answer may have together. */
  max_length: number;
  /** A chat template to use instead of the tokenizer's own. */
  chat_template_path?: string;
  signal?: AbortSignal;
  /** Called now and then with the rows done so far. */
  onProgress?: (rows: number) => void;
}

/**
 * Reads and tokenises pairs of answers as TRL 1.16's DPOTrainer does: the end-of-sequence token is put behind each answer that is
 * a text; an answer begins where the tokens of the prompt alone and those of prompt and answer part; what is longer than
 * `max_length` is cut at its end, and a pair whose prompt alone fills it is dropped.
 * @throws TunebookError `file/…`, `data/…`
 */
export async function tokenizePreference(
  reference: DataReference,
  tokenizer: Tokenizer,
  options: PreferenceOptions,
): Promise<TokenizedPreference> {
  const files = filesOf(reference);
  const { max_length } = options;
  const encode = new PairEncoder(tokenizer, options.chat_template_path);
  const [inputIds, offsets, mask] = [new IntegerList(), new IntegerList(), new ByteList()];
  const report = emptyReport();
  let header: readonly string[] | undefined;
  const pause = makePauses(options);

  offsets.push(0);
  const onColumns = (_: string, columns: string[]) => (header = columns);
  for await (const row of readSplit(reference, { onColumns, signal: options.signal })) {
    const { answers, prompt } = encode.pair(row, readPreference(row, reference.dataset.columns));
    report.rows++;
    if (prompt >= max_length) report.dropped++;
    else {
      if (answers.some(({ length }) => length > max_length)) report.truncated++;
      for (const ids of answers) {
        const kept = ids.slice(0, max_length);
        inputIds.append(kept);
        offsets.push(inputIds.length);
        mask.append(new Uint8Array(kept.length).fill(1, prompt));
        report.longest = Math.max(report.longest, kept.length);
      }
    }
    await pause(report.rows);
  }
  if (report.rows === 0) throw emptyData(reference, files, header);
  if (offsets.length === 1) throw nothingLeft(files, max_length);
  report.tokens = inputIds.length;
  return { input_ids: inputIds.toArray(), offsets: offsets.toArray(), loss_mask: mask.toArray(), report };
}

/** Makes tokens of pairs. The chat template is loaded when the first conversation wants it. */
class PairEncoder {
  readonly #tokenizer: Tokenizer;
  readonly #templatePath: string | undefined;
  #template: ChatTemplate | undefined;

  constructor(tokenizer: Tokenizer, templatePath: string | undefined) {
    this.#tokenizer = tokenizer;
    this.#templatePath = templatePath;
  }

  /** The tokens of prompt and answer, chosen before rejected, and how many of them are the prompt. */
  pair(row: SourceRow, preference: Preference): { answers: [number[], number[]]; prompt: number } {
    const { before, chosen, rejected } =
      preference.kind === 'text' ? this.#texts(preference) : this.#chats(row, preference);
    const prompt = Math.min(sharedStart(before, chosen), sharedStart(before, rejected));
    return { answers: [chosen, rejected], prompt };
  }

  #texts({ prompt, chosen, rejected }: Preference & { kind: 'text' }) {
    const tokenizer = this.#tokenizer;
    const whole = (answer: string) => encodeToItsEnd(prompt + answer, tokenizer);
    const before = tokenizer.addSpecialTokens(tokenizer.tokenize(prompt)).input_ids;
    return { before, chosen: whole(chosen), rejected: whole(rejected) };
  }

  #chats(row: SourceRow, { prompt, chosen, rejected, tools }: Preference & { kind: 'chat' }) {
    this.#template ??= loadChatTemplate(this.#tokenizer.folder, this.#templatePath);
    const template = this.#template;
    const encode = (...given: Parameters<ChatTemplate['render']>) => {
      try {
        return this.#tokenizer.tokenize(template.render(...given));
      } catch (cause) {
        throw notRendered(row, cause);
      }
    };
    return {
      before: encode(prompt, { tools, add_generation_prompt: true }),
      chosen: encode([...prompt, ...chosen], { tools }),
      rejected: encode([...prompt, ...rejected], { tools }),
    };
  }
}

function nothingLeft(files: readonly string[], max_length: number) {
  return dataError(
    'data/all-masked',
    `Every prompt fills max_length: ${max_length}, and no answer has room.`,
    { file: files[0] ?? '' },
    'Raise `max_length`, so that something of the answers is left, or look at the columns.',
  );
}
