import type { AnswerKind, PlaygroundAnswer, PlaygroundSettings } from '../../protocol/playground.ts';
import { TunebookError } from '../../protocol/error.ts';
import { asSent } from '../evaluate/written/answer-by-endpoint.ts';
import { encodeLabels, scoreLabels } from '../evaluate/written/choose-label.ts';
import type { LocalCandidate } from '../evaluate/written/local-candidate.ts';
import { askedSettings } from '../generate/asked-settings.ts';
import { loadDecoder } from '../generate/causal-model.ts';
import { generate } from '../generate/generate.ts';
import { chatTemplateOf, promptTokens, type Prompt } from '../generate/prompt-tokens.ts';
import { ContinuationScorer } from '../generate/score-choices.ts';
import type { GenerationSettings } from '../generate/settings.ts';
import type { LoadedModels } from './loaded-models.ts';
import type { Asking, Player, Question } from './player.ts';
import { weightBytes } from './weight-bytes.ts';
import { conversation, inputSlot, writeQuestion } from './writer-question.ts';

export interface LocalPlayerOptions {
  readonly candidate: Pick<LocalCandidate, 'name' | 'model' | 'settings' | 'writer' | 'source'>;
  /** In a few words. */
  readonly about: string;
  /** The column of the data that is the input of a row. */
  readonly column?: string;
  /** Where a label is chosen. */
  readonly labels?: readonly string[];
  /** Whether it hears a conversation; by default where its tokenizer has a chat template. */
  readonly chats?: boolean;
  readonly models: LoadedModels;
}

/** Fewer tokens of a conversation are not made room for: a longer one loads the weights again. */
const LEAST_ROOM = 1024;

/** A causal model of this machine: writes, as in an evaluation, or chooses among labels. */
export class LocalPlayer implements Player {
  readonly isLocal = true;
  readonly described: Player['described'];
  readonly #options: LocalPlayerOptions;
  readonly #input: string | undefined;

  constructor(options: LocalPlayerOptions) {
    const {
      candidate,
      about,
      labels,
      column,
      chats = chatTemplateOf(candidate.model) !== undefined,
    } = options;
    const { writer, settings } = candidate;
    this.#options = options;
    this.#input = writer && inputSlot(writer, column);
    const answers: AnswerKind = labels ? 'labels' : !writer && chats ? 'chat' : 'text';
    this.described = {
      about,
      answers,
      ...(this.#input === undefined ? {} : { input: this.#input }),
      slots: (writer?.slots ?? []).filter((slot) => slot !== this.#input),
      settings: ownSettings(settings),
      source: candidate.source,
    };
  }

  async ask(question: Question, asking: Asking): Promise<PlaygroundAnswer> {
    const prompt = this.#promptOf(question);
    return this.#options.labels
      ? await this.#choose(prompt, asking)
      : await this.#write(prompt, question, asking);
  }

  #promptOf(question: Question): Prompt {
    const { writer } = this.#options.candidate;
    if (writer) return writeQuestion(writer, this.#input, question);
    return this.described.answers === 'chat' ? conversation(question) : { text: question.text };
  }

  async #write(prompt: Prompt, question: Question, { signal, tell }: Asking): Promise<PlaygroundAnswer> {
    const { model, settings: own } = this.#options.candidate;
    const settings = { ...own, ...askedSettings(question.settings) };
    const ids = promptTokens(model, prompt);
    if (ids.length >= model.contextLength) throw tooLong(ids.length, model.contextLength);
    const decoder = await this.#decoder(ids.length + settings.max_new_tokens, tell);
    tell({ state: 'reading' });
    const started = performance.now();
    const answers = await generate([{ row: 0, ids }], {
      decoder,
      tokenizer: model.tokenizer,
      settings,
      signal,
      onText: (_, text) => tell({ text }),
    });
    const answer = answers?.[0];
    if (!answer) throw signal.reason;
    return {
      text: answer.text,
      finish: answer.finish,
      prompt: asSent(prompt),
      promptTokens: ids.length,
      outputTokens: answer.ids.length,
      milliseconds: performance.now() - started,
    };
  }

  async #choose(prompt: Prompt, { tell }: Asking): Promise<PlaygroundAnswer> {
    const { candidate, labels = [] } = this.#options;
    const { model, name } = candidate;
    const choices = encodeLabels(candidate, prompt, labels);
    const longest = Math.max(...choices.map(({ context, answer }) => context.length + answer.length));
    if (longest > model.contextLength) throw tooLong(longest, model.contextLength);
    const decoder = await this.#decoder(longest, tell);
    tell({ state: 'reading' });
    const started = performance.now();
    const { probabilities, best } = await scoreLabels(new ContinuationScorer(decoder), choices, name);
    return {
      text: labels[best]!,
      prompt: asSent(prompt),
      promptTokens: choices[0]!.context.length,
      milliseconds: performance.now() - started,
      labels: rankLabels(labels, probabilities),
    };
  }

  /** Candidates that differ in their prompts alone share a model. */
  async #decoder(tokens: number, tell: Asking['tell']) {
    const { models, candidate } = this.#options;
    const { model } = candidate;
    const size = Math.min(model.contextLength, tokens);
    const bytes = weightBytes(model, { kind: 'text-generation' });
    const key = `causal ${model.folder}`;
    return await models.get(key, { size, bytes }, async () => {
      tell({ state: 'loading' });
      const capacity = Math.min(model.contextLength, Math.max(LEAST_ROOM, size));
      return { value: await loadDecoder(model, { slots: 1, capacity }), size: capacity };
    });
  }
}

/** How a candidate answers where nothing else is said, as a person asks for it. */
export function ownSettings(settings: GenerationSettings): PlaygroundSettings {
  const { max_new_tokens, do_sample, temperature, top_p, top_k, repetition_penalty, stop_strings, seed } =
    settings;
  return {
    max_new_tokens,
    repetition_penalty,
    temperature: do_sample ? temperature : 0,
    ...(do_sample ? { top_p, top_k, seed } : {}),
    ...(stop_strings.length > 0 ? { stop: [...stop_strings] } : {}),
  };
}

/** Labels with their probabilities, the likeliest first. */
export function rankLabels(labels: readonly string[], probabilities: ArrayLike<number>) {
  return labels
    .map((label, i) => ({ label, probability: probabilities[i] ?? 0 }))
    .sort((a, b) => b.probability - a.probability);
}

function tooLong(tokens: number, contextLength: number): TunebookError {
  return new TunebookError(
    'generate/prompt-too-long',
    `The prompt has ${tokens} tokens, and the model reads ${contextLength} together with its answer.`,
    { hint: 'Shorten what you typed, give fewer examples, or clear the conversation.' },
  );
}
