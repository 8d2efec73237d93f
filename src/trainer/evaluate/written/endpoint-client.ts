import { setTimeout as wait } from 'node:timers/promises';
import OpenAI from 'openai';
import type { ResolvedEndpoint } from '../../../language/resolved.ts';
import type { GenerationSettings } from '../../generate/settings.ts';
import type { Prompt } from '../../generate/prompt-tokens.ts';
import { explainFailure, MalformedAnswer, withoutKey, type Failure } from './endpoint-failure.ts';
import { rateLimitOf, type RateLimit } from './rate-limit.ts';

/** What an API answered. */
export interface EndpointAnswer {
  readonly text: string;
  readonly finish: 'eos' | 'length';
  readonly promptTokens: number | undefined;
  readonly outputTokens: number | undefined;
  /** Milliseconds of the request that was answered; those that failed before it and the pauses do not count. */
  readonly milliseconds: number;
  /** How often it was asked. */
  readonly attempts: number;
}

/** A request that failed and is sent again. */
export interface Retry {
  readonly why: string;
  /** Milliseconds until then. */
  readonly delay: number;
  readonly attempt: number;
}

export interface EndpointOptions {
  readonly endpoint: ResolvedEndpoint;
  /** Sent with each request, and nowhere else. */
  readonly key: string | undefined;
  readonly settings: GenerationSettings;
  readonly signal: AbortSignal;
  readonly onRetry: (retry: Retry) => void;
}

/** Milliseconds before the first retry, and the longest pause that is not asked for: those of the `openai` package. */
const [FIRST_PAUSE, LONGEST_PAUSE] = [500, 8000];

/**
 * Asks a model behind an HTTP API that speaks OpenAI's protocol: conversations through `/chat/completions`, texts through `/completions`.
 * Requests that were not answered are sent again here and not by the `openai` package, so that it can be told; when the API asks for a
 * pause, all requests wait.
 */
export class EndpointClient {
  readonly #client: OpenAI;
  readonly #options: EndpointOptions;
  readonly #limit: RateLimit;
  #waitUntil = 0;
  /** Newer models of OpenAI do not take `max_tokens`. */
  #limitName: 'max_tokens' | 'max_completion_tokens' = 'max_tokens';

  constructor(options: EndpointOptions) {
    const { endpoint, key } = options;
    this.#options = options;
    this.#limit = rateLimitOf(endpoint);
    this.#client = new OpenAI({
      baseURL: endpoint.base_url,
      // The package insists on a key; without one no header is sent.
      apiKey: key ?? 'none',
      ...(key === undefined ? { defaultHeaders: { Authorization: null } } : {}),
      organization: null,
      project: null,
      timeout: endpoint.timeout * 1000,
      maxRetries: 0,
      logLevel: 'off',
    });
  }

  /**
   * @param row with the seed it decides what is drawn, where the API draws by a seed
   * @param onText is told of text as it comes; what fails after the first word is not asked again
   * @throws TunebookError `endpoint/…` when it was not answered in spite of all retries; the signal's reason when aborted
   */
  async ask(prompt: Prompt, row: number, onText?: (text: string) => void): Promise<EndpointAnswer> {
    const { endpoint, key, signal } = this.#options;
    let isTold = false;
    const tell = onText && ((text: string) => ((isTold = true), onText(text)));
    for (let attempt = 1; ; attempt++) {
      await this.#pause();
      const admission = await this.#limit.pass(this.#mostTokens(prompt), signal);
      const started = performance.now();
      try {
        const answer = await this.#send(prompt, row, tell);
        const { promptTokens, outputTokens } = answer;
        if (promptTokens !== undefined) admission.settle(promptTokens + (outputTokens ?? 0));
        const milliseconds = performance.now() - started;
        // An API that repeats what it was sent would have the key written down with its answer.
        return { ...answer, text: withoutKey(answer.text, key), milliseconds, attempts: attempt };
      } catch (error) {
        signal.throwIfAborted();
        if (this.#takesOtherLimit(error)) continue;
        const failure = explainFailure(error, endpoint, key);
        if (!failure.mayPass || isTold || attempt > endpoint.max_retries) throw failure.error;
        const delay = failure.pause ?? pauseBefore(attempt);
        this.#options.onRetry({ why: failure.why, delay, attempt });
        await this.#wait(failure, delay);
      }
    }
  }

  /** Tokens that a request is counted as until it is answered, as OpenAI counts it: four characters a token, and all that it may say. */
  #mostTokens(prompt: Prompt): number {
    return Math.ceil(JSON.stringify(prompt).length / 4) + this.#options.settings.max_new_tokens;
  }

  /** Waits where another request was told to. */
  async #pause(): Promise<void> {
    const { signal } = this.#options;
    while (this.#waitUntil > performance.now())
      await wait(this.#waitUntil - performance.now(), undefined, { signal });
    signal.throwIfAborted();
  }

  async #wait({ pause }: Failure, delay: number): Promise<void> {
    if (pause !== undefined) this.#waitUntil = Math.max(this.#waitUntil, performance.now() + delay);
    await wait(delay, undefined, { signal: this.#options.signal });
  }

  #takesOtherLimit(error: unknown): boolean {
    if (this.#limitName !== 'max_tokens' || !(error instanceof OpenAI.BadRequestError)) return false;
    if (!error.message.includes('max_completion_tokens')) return false;
    this.#limitName = 'max_completion_tokens';
    return true;
  }

  async #send(
    prompt: Prompt,
    row: number,
    onText: ((text: string) => void) | undefined,
  ): Promise<Omit<EndpointAnswer, 'milliseconds' | 'attempts'>> {
    const { endpoint, settings, signal } = this.#options;
    const { do_sample, temperature, top_p, stop_strings, seed, max_new_tokens } = settings;
    const common = {
      model: endpoint.model,
      temperature: do_sample ? temperature : 0,
      ...(do_sample && top_p < 1 ? { top_p } : {}),
      ...(do_sample ? { seed: (seed + row) % 2 ** 31 } : {}),
      ...(stop_strings.length > 0 ? { stop: [...stop_strings] } : {}),
    };
    const { chat, completions } = this.#client;
    const streamed = { stream: true, stream_options: { include_usage: true } } as const;
    if ('text' in prompt) {
      const asked = { ...common, prompt: prompt.text, max_tokens: max_new_tokens };
      if (onText)
        return await gather(await completions.create({ ...asked, ...streamed }, { signal }), onText);
      const reply = await completions.create(asked, { signal });
      const choice = firstChoice(reply);
      return { ...read(choice['text'], choice), ...usageOf(reply) };
    }
    const messages = 'messages' in prompt ? prompt.messages : [{ role: 'user', content: prompt.user }];
    const asked = {
      ...common,
      // SAFETY: what roles and contents an API takes it says itself.
      messages: messages as unknown as OpenAI.ChatCompletionMessageParam[],
      [this.#limitName]: max_new_tokens,
    };
    if (onText)
      return await gather(await chat.completions.create({ ...asked, ...streamed }, { signal }), onText);
    const reply = await chat.completions.create(asked, { signal });
    const choice = firstChoice(reply);
    const { message } = choice;
    const content = isRecord(message) ? (message['content'] ?? '') : undefined;
    return { ...read(content, choice), ...usageOf(reply) };
  }
}

/** Joins the pieces of an answer that comes bit by bit; the last piece may tell of tokens, and has no choice then. */
async function gather(
  pieces: AsyncIterable<unknown>,
  onText: (text: string) => void,
): Promise<Omit<EndpointAnswer, 'milliseconds' | 'attempts'>> {
  let text = '';
  let last: Record<string, unknown> | undefined;
  let usage = usageOf(undefined);
  for await (const piece of pieces) {
    if (isRecord(piece) && isRecord(piece['usage'])) usage = usageOf(piece);
    const choices: unknown = isRecord(piece) ? piece['choices'] : undefined;
    const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
    if (!isRecord(choice)) continue;
    if ((last?.['finish_reason'] ?? null) === null) last = choice;
    const { delta } = choice;
    const more = isRecord(delta) ? delta['content'] : choice['text'];
    if (typeof more !== 'string' || more === '') continue;
    text += more;
    onText(more);
  }
  if (!last) throw new MalformedAnswer('it has no choices');
  if ((last['finish_reason'] ?? null) === null) throw new MalformedAnswer('it ends in the middle');
  return { ...read(text, last), ...usage };
}

/** Exponential backoff with up to a quarter less, so that requests do not come back all at once. */
function pauseBefore(attempt: number): number {
  return Math.min(FIRST_PAUSE * 2 ** (attempt - 1), LONGEST_PAUSE) * (1 - 0.25 * Math.random());
}

/** An answer is what the server made of it, whatever the types of the package say. */
function firstChoice(reply: unknown): Record<string, unknown> {
  const choices: unknown = isRecord(reply) ? reply['choices'] : undefined;
  const first: unknown = Array.isArray(choices) ? choices[0] : undefined;
  if (!isRecord(first)) throw new MalformedAnswer('it has no choices');
  return first;
}

function read(text: unknown, { finish_reason }: Record<string, unknown>) {
  if (typeof text !== 'string') throw new MalformedAnswer('its choice has no text');
  return { text, finish: finish_reason === 'length' ? ('length' as const) : ('eos' as const) };
}

function usageOf(reply: unknown): Pick<EndpointAnswer, 'promptTokens' | 'outputTokens'> {
  const usage = isRecord(reply) && isRecord(reply['usage']) ? reply['usage'] : {};
  const count = (name: string) => {
    const value = usage[name];
    return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined;
  };
  return { promptTokens: count('prompt_tokens'), outputTokens: count('completion_tokens') };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
