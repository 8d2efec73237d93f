import { TunebookError } from '../../../protocol/error.ts';
import type { Prompt } from '../../generate/prompt-tokens.ts';
import type { WrittenAnswer } from './answer.ts';
import type { EndpointCandidate } from './endpoint-candidate.ts';
import { EndpointClient, type EndpointAnswer, type Retry } from './endpoint-client.ts';
import type { Item } from './items.ts';
import { labelIn } from './label-in.ts';

/** Why an answer is none, as the end of a sentence, and what is said to have a better one. */
export interface Lack {
  readonly why: string;
  readonly reply: string;
}

export interface EndpointAnswering {
  readonly candidate: EndpointCandidate;
  readonly items: readonly Item[];
  /** Where labels are to be chosen. */
  readonly labels: readonly string[] | undefined;
  /** Rows that lack their answer. */
  readonly open: readonly number[];
  /** Whether its cost is measured. */
  readonly needsUsage: boolean;
  readonly signal: AbortSignal;
  readonly onAnswer: (answer: WrittenAnswer) => void;
  readonly onRetry: (retry: Retry) => void;
  /** What makes the answer to a row none: it is asked for again, as often as a request that fails. */
  readonly lackOf?: (row: number, text: string) => Lack | undefined;
}

/**
 * Has a model behind an API answer rows, several requests at once; equal prompts whose answers cannot differ are asked once.
 * @returns false when it was interrupted
 * @throws TunebookError `endpoint/…` of the first row that is not answered in spite of all retries; answers told of so far are whole
 */
export async function answerByEndpoint(options: EndpointAnswering): Promise<boolean> {
  const { candidate, items, open, signal } = options;
  const { endpoint, key, settings, writer } = candidate;
  const groups = new Map<string, { prompt: Prompt; rows: number[] }>();
  for (const row of open) {
    const prompt = writer.write(items[row]!);
    const equal = settings.do_sample ? String(row) : JSON.stringify(prompt);
    const same = groups.get(equal);
    if (same) same.rows.push(row);
    else groups.set(equal, { prompt, rows: [row] });
  }
  const waiting = [...groups.values()];
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const client = new EndpointClient({ endpoint, key, settings, signal: either, onRetry: options.onRetry });
  const work = async () => {
    for (let group = waiting.shift(); group; group = waiting.shift()) {
      const [first = 0] = group.rows;
      const answer = await askUntilWhole(client, group.prompt, first, options);
      if (options.needsUsage && (answer.promptTokens ?? answer.outputTokens) === undefined)
        throw noUsage(candidate);
      for (const row of group.rows)
        options.onAnswer(noted(row, row !== first, group.prompt, answer, options));
    }
  };
  const workers = Array.from({ length: Math.min(endpoint.max_concurrency, waiting.length) }, async () => {
    try {
      await work();
    } catch (error) {
      // The others must not go on asking; what they were just told is lost to nobody but this moment.
      stop.abort();
      throw error;
    }
  });
  const results = await Promise.allSettled(workers);
  if (signal.aborted) return false;
  const failures = results.flatMap((result): unknown[] =>
    result.status === 'rejected' ? [result.reason] : [],
  );
  const failure = failures.find((error) => error instanceof TunebookError) ?? failures[0];
  if (failure instanceof Error) throw failure;
  return true;
}

/** Asks, and asks again in the same conversation where the answer is none; the last answer counts, whatever it is. */
async function askUntilWhole(
  client: EndpointClient,
  prompt: Prompt,
  row: number,
  { candidate, lackOf, onRetry }: EndpointAnswering,
): Promise<EndpointAnswer> {
  let answer = await client.ask(prompt, row);
  for (let attempt = 1; attempt <= candidate.endpoint.max_retries; attempt++) {
    const lack = lackOf?.(row, answer.text);
    if (!lack) break;
    onRetry({ why: lack.why, delay: 0, attempt });
    const again = await client.ask(goOn(prompt, answer.text, lack.reply), row);
    answer = {
      ...again,
      promptTokens: sum(answer.promptTokens, again.promptTokens),
      outputTokens: sum(answer.outputTokens, again.outputTokens),
      milliseconds: answer.milliseconds + again.milliseconds,
      attempts: answer.attempts + again.attempts,
    };
  }
  return answer;
}

function sum(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}

/** A prompt, what was answered, and what is said to that. */
function goOn(prompt: Prompt, answer: string, reply: string): Prompt {
  if ('text' in prompt) return { text: `${prompt.text}${answer}\n\n${reply}\n` };
  const messages = 'messages' in prompt ? prompt.messages : [{ role: 'user', content: prompt.user }];
  return {
    messages: [...messages, { role: 'assistant', content: answer }, { role: 'user', content: reply }],
  };
}

function noted(
  row: number,
  cached: boolean,
  prompt: Prompt,
  { text, finish, promptTokens, outputTokens, milliseconds, attempts }: EndpointAnswer,
  { candidate, labels }: EndpointAnswering,
): WrittenAnswer {
  const { input_price = 0, output_price = 0 } = candidate.endpoint;
  const hasPrices =
    candidate.endpoint.input_price !== undefined || candidate.endpoint.output_price !== undefined;
  const cost = ((promptTokens ?? 0) * input_price + (outputTokens ?? 0) * output_price) / 1e6;
  return {
    row,
    output: labels ? labelIn(text, labels) : text,
    latency: milliseconds,
    prompt: asSent(prompt),
    detail: {
      ...(promptTokens === undefined ? {} : { promptTokens }),
      ...(outputTokens === undefined ? {} : { outputTokens }),
      finish,
      ...(hasPrices ? { cost: cached ? 0 : cost } : {}),
      ...(attempts > 1 ? { attempts } : {}),
      ...(labels ? { answer: text } : {}),
      ...(cached ? { cached: true as const } : {}),
    },
  };
}

/** A prompt as it was sent: a text, or the messages. */
export function asSent(prompt: Prompt): string | { role: string; content: string }[] {
  if ('text' in prompt) return prompt.text;
  const messages = 'messages' in prompt ? prompt.messages : [{ role: 'user', content: prompt.user }];
  return messages.map(({ role, content }) => {
    return { role, content: typeof content === 'string' ? content : JSON.stringify(content) };
  });
}

function noUsage({ name, endpoint }: EndpointCandidate): TunebookError {
  return new TunebookError(
    'endpoint/no-usage',
    `Candidate "${name}": ${endpoint.base_url} does not say how many tokens it read and wrote, so its cost cannot be told.`,
    { hint: 'Leave out the metric `cost`.' },
  );
}
