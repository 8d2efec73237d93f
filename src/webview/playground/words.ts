import type { KeptAnswer, PlaygroundSettings } from '../../protocol/playground.ts';

const FINISH = {
  eos: 'ended by itself',
  stop: 'the stop text came',
  length: 'cut off: it may not be longer',
} as const;

/** What is said of an answer when it has come. */
export function answerWords(answer: KeptAnswer): string {
  if (answer.state === 'failed') return answer.message;
  if (answer.state === 'stopped') return 'stopped.';
  return `${answer.labels ? `${answer.text}, ${percent(answer.labels[0]?.probability ?? 0)}` : 'has answered'}.`;
}

/** `12 tokens · 45.3 tokens/s · 0.27 s · ended by itself`. */
export function answerStats(answer: KeptAnswer & { state: 'done' }): string {
  const { outputTokens, promptTokens, milliseconds, finish } = answer;
  const seconds = milliseconds / 1000;
  return [
    ...(outputTokens === undefined ? [] : [outputTokens === 1 ? '1 token' : `${outputTokens} tokens`]),
    ...(outputTokens === undefined || seconds === 0
      ? []
      : [`${(outputTokens / seconds).toFixed(1)} tokens/s`]),
    `${seconds < 0.01 ? seconds.toFixed(4) : seconds.toFixed(2)} s`,
    ...(promptTokens === undefined ? [] : [`prompt of ${promptTokens}`]),
    ...(finish === undefined ? [] : [FINISH[finish]]),
  ].join(' · ');
}

/** A share as a person reads it: `84.1 %`. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** How a candidate answers where nothing else is said: `max_new_tokens 256, temperature 0`. */
export function settingsWords(settings: PlaygroundSettings): string {
  return Object.entries(settings)
    .map(
      ([name, value]) =>
        `${name} ${Array.isArray(value) ? value.map((each: unknown) => JSON.stringify(each)).join(', ') : String(value)}`,
    )
    .join(', ');
}
