import type { PlaygroundAnswer } from '../../protocol/playground.ts';
import { askedSettings } from '../generate/asked-settings.ts';
import { asSent } from '../evaluate/written/answer-by-endpoint.ts';
import { unsentSettings, type EndpointCandidate } from '../evaluate/written/endpoint-candidate.ts';
import { EndpointClient } from '../evaluate/written/endpoint-client.ts';
import { ownSettings } from './local-player.ts';
import type { Asking, Player, Question } from './player.ts';
import { inputSlot, writeQuestion } from './writer-question.ts';

/** A model behind an HTTP API, asked by its prompt. */
export class EndpointPlayer implements Player {
  readonly isLocal = false;
  readonly described: Player['described'];
  readonly #candidate: EndpointCandidate;
  readonly #input: string | undefined;

  /** @param column the column of the data that is the input of a row */
  constructor(candidate: EndpointCandidate, about: string, column: string | undefined) {
    const { writer, settings } = candidate;
    this.#candidate = candidate;
    this.#input = inputSlot(writer, column);
    this.described = {
      about,
      answers: 'text',
      ...(this.#input === undefined ? {} : { input: this.#input }),
      slots: writer.slots.filter((slot) => slot !== this.#input),
      settings: ownSettings(settings),
    };
  }

  async ask(question: Question, { signal, tell }: Asking): Promise<PlaygroundAnswer> {
    const { endpoint, key, settings, writer } = this.#candidate;
    const prompt = writeQuestion(writer, this.#input, question);
    const asked = { ...settings, ...askedSettings(question.settings) };
    const unsent = unsentSettings(asked);
    const client = new EndpointClient({
      endpoint,
      key,
      settings: asked,
      signal,
      onRetry: ({ why, delay, attempt }) =>
        tell({
          note: `It ${why}; asked again in ${(delay / 1000).toFixed(1)} s (retry ${attempt} of ${endpoint.max_retries}).`,
        }),
    });
    const { text, finish, promptTokens, outputTokens, milliseconds } = await client.ask(prompt, 0, (text) =>
      tell({ text }),
    );
    return {
      text,
      finish,
      prompt: asSent(prompt),
      ...(promptTokens === undefined ? {} : { promptTokens }),
      ...(outputTokens === undefined ? {} : { outputTokens }),
      milliseconds,
      ...(unsent.length === 0
        ? {}
        : { note: `Asked without ${unsent.join(' and ')}: OpenAI’s protocol does not have it.` }),
    };
  }
}
