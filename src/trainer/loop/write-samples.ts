import type { ResolvedRun } from '../../language/resolved.ts';
import type { RunWriter } from '../../runs/writer.ts';
import { loadChatTemplate, type Message } from '../data/chat-template.ts';
import { conversationReader } from '../data/conversation.ts';
import type { SourceRow } from '../data/read.ts';
import { readSplit } from '../data/read-split.ts';
import { withFormat } from '../data/recognise.ts';
import { isObject } from '../data/tokenizer/json.ts';
import type { Tokenizer } from '../data/tokenizer.ts';
import { Decoder } from '../generate/decoder.ts';
import { generate } from '../generate/generate.ts';
import { renderPrompt, textTokens } from '../generate/prompt-tokens.ts';
import { settingsFor } from '../generate/settings.ts';
import type { TrainingEngine } from '../runtime/engine.ts';
import type { PreparedRun } from './prepare.ts';

/** Rows that are answered where no prompts are given. */
const ROWS = 2;
/** Tokens of a text that is gone on with. */
const TEXT_START = 8;
/** Tokens of an answer. */
const LENGTH = 64;

/** A prompt as it is shown, and as the model reads it. */
interface SamplePrompt {
  readonly shown: string;
  readonly ids: readonly number[];
}

/** Answers a few prompts with the weights of the moment and writes `sample` events. */
export class SampleWriter {
  readonly #prepared: PreparedRun;
  readonly #writer: RunWriter;
  readonly #every: number;
  readonly #prompts: readonly SamplePrompt[];

  private constructor(
    prepared: PreparedRun,
    writer: RunWriter,
    every: number,
    prompts: readonly SamplePrompt[],
  ) {
    this.#prepared = prepared;
    this.#writer = writer;
    this.#every = every;
    this.#prompts = prompts;
  }

  /**
   * Makes the writer of a run; undefined where `sample_steps` is unset or the model does not generate text.
   * @throws TunebookError `data/…`, `file/…` where the rows to answer cannot be read
   */
  static async create(
    run: ResolvedRun,
    prepared: PreparedRun,
    writer: RunWriter,
  ): Promise<SampleWriter | undefined> {
    const every = run.train.sample_steps;
    if (every === null || run.model.task !== 'text-generation') return undefined;
    const prompts = await promptsOf(run, prepared.tokenizer);
    const room = prepared.spec.config.max_position_embeddings - 1;
    const fitting = prompts.map(({ shown, ids }) => ({ shown, ids: ids.slice(-room) }));
    return new SampleWriter(
      prepared,
      writer,
      every,
      fitting.filter(({ ids }) => ids.length > 0),
    );
  }

  isDue(step: number, lastStep: number): boolean {
    return step % this.#every === 0 || step === lastStep;
  }

  /** @param signal ends it between two tokens; what is not whole then is not written */
  async write(engine: TrainingEngine, step: number, signal?: AbortSignal): Promise<void> {
    const { spec, tokenizer } = this.#prepared;
    const longest = this.#prompts.reduce((most, { ids }) => Math.max(most, ids.length), 0);
    const decoder = await Decoder.create(spec, await engine.readParameters(), {
      slots: this.#prompts.length,
      capacity: Math.min(longest + LENGTH, spec.config.max_position_embeddings),
      live: true,
    });
    try {
      const settings = settingsFor([], { max_new_tokens: LENGTH }, tokenizer.specialTokens.eos);
      const asked = this.#prompts.map(({ ids }, row) => ({ row, ids }));
      const answers = await generate(asked, { decoder, tokenizer, settings, ...(signal ? { signal } : {}) });
      for (const { row, text } of answers ?? [])
        this.#writer.event({ type: 'sample', step, prompt: this.#prompts[row]!.shown, output: text });
    } finally {
      await decoder.dispose();
    }
  }
}

async function promptsOf(run: ResolvedRun, tokenizer: Tokenizer): Promise<SamplePrompt[]> {
  const reference = await withFormat(run.data.eval ?? run.data.train, run.model.task);
  const { format, columns } = reference.dataset;
  const given = run.train.sample_prompts;
  const model = { folder: tokenizer.folder, tokenizer };
  const ofText = (text: string): SamplePrompt => ({ shown: text, ids: textTokens(model, text) });
  const ofMessages = (messages: readonly Message[]): SamplePrompt => {
    const template = loadChatTemplate(tokenizer.folder, run.data.chat_template_path);
    const text = renderPrompt(template, messages, { add_generation_prompt: true });
    return { shown: contentOf(messages.at(-1)), ids: tokenizer.tokenize(text) };
  };
  const ofPrompt = (prompt: unknown): SamplePrompt[] => {
    if (typeof prompt === 'string') return [ofText(prompt)];
    const messages = messagesIn(prompt);
    return messages.length > 0 ? [ofMessages(messages)] : [];
  };
  const conversation = conversationReader(reference.dataset);
  if (given !== null)
    return given.map((text) => (conversation ? ofMessages([{ role: 'user', content: text }]) : ofText(text)));
  const rows: SourceRow[] = [];
  for await (const row of readSplit(reference)) if (rows.push(row) === ROWS) break;
  return rows.flatMap((row): SamplePrompt[] => {
    const { values } = row;
    if (conversation) return ofPrompt(untilAnswer(conversation(row).messages));
    if (format !== 'text') return ofPrompt(values[columns['prompt'] ?? 'prompt']);
    const text = values[columns['text'] ?? 'text'];
    if (typeof text !== 'string') return [];
    const ids = textTokens(model, text).slice(0, TEXT_START);
    return [{ shown: tokenizer.decode(ids, { skip_special_tokens: true }), ids }];
  });
}

function messagesIn(value: unknown): Message[] {
  const list: unknown[] = Array.isArray(value) ? value : [];
  return list.flatMap((each): Message[] =>
    isObject(each) && typeof each['role'] === 'string' ? [{ ...each, role: each['role'] }] : [],
  );
}

/** What is said before the last answer of the assistant. */
function untilAnswer(messages: readonly Message[]): readonly Message[] {
  const last = messages.findLastIndex(({ role }) => role === 'assistant');
  return last > 0 ? messages.slice(0, last) : messages;
}

function contentOf(message: Message | undefined): string {
  const content = message?.['content'];
  return typeof content === 'string' ? content : '';
}
