import {
  PLAYGROUND,
  type AskProgress,
  type AskResult,
  type FromPlayground,
  type KeptAnswer,
  type PlaygroundCandidate,
  type PlaygroundSource,
  type ToPlayground,
} from '../../../protocol/playground.ts';
import { TunebookError } from '../../../protocol/error.ts';

/** `tunebook playground --stdio`, as the feed needs it. */
export interface Trainer {
  request<Result>(method: string, params: unknown, signal: AbortSignal): Promise<Result>;
}

/** What only the extension can do with a message. */
export type PlaygroundTask = Extract<FromPlayground, { type: 'addCandidates' | 'keep' | 'openKept' }>;

export interface PlaygroundFeedOptions {
  readonly workspace: string;
  readonly sources: readonly PlaygroundSource[];
  readonly trainer: Trainer;
  readonly post: (message: ToPlayground) => void;
}

/** An answer in the making, or one that the page may have missed. */
interface Live {
  text: string;
  state?: AskProgress['state'];
  answer?: KeptAnswer;
}

/**
 * Stands between the page of a playground and the trainer: has candidates found, asks each of them, and passes on what comes. It keeps the
 * answers of the turn that goes on, so that a page that was hidden meanwhile has them.
 */
export class PlaygroundFeed {
  readonly #options: PlaygroundFeedOptions;
  #sources: readonly PlaygroundSource[];
  #candidates: Promise<PlaygroundCandidate[]> | undefined;
  #hasEnded = false;
  #going: { turn: number; stop: AbortController; live: Map<string, Live> } | undefined;
  readonly #disposal = new AbortController();

  constructor(options: PlaygroundFeedOptions) {
    this.#options = options;
    this.#sources = options.sources;
  }

  get sources(): readonly PlaygroundSource[] {
    return this.#sources;
  }

  /** The candidates as they were found last. */
  async candidates(): Promise<readonly PlaygroundCandidate[]> {
    return (await this.#candidates) ?? [];
  }

  /** Answers a message of the page; what it cannot do itself is given to `task`. Never rejects: what goes wrong is told to the page. */
  async receive(message: FromPlayground, task: (message: PlaygroundTask) => void): Promise<void> {
    switch (message.type) {
      case 'ready':
        await this.#show();
        return this.#remind();
      case 'ask':
        return this.#ask(message);
      case 'stop':
        this.#going?.stop.abort();
        return;
      case 'addCandidates':
      case 'keep':
      case 'openKept':
        return task(message);
    }
  }

  /** Takes what the trainer says by itself. */
  progress({ ask, ...progress }: AskProgress): void {
    const [turn, candidate] = readAsk(ask);
    const live = this.#going?.turn === turn ? this.#going.live.get(candidate) : undefined;
    if (!live || live.answer) return;
    live.text += progress.text ?? '';
    if (progress.state) live.state = progress.state;
    this.#options.post({ type: 'progress', turn, candidate, ...progress });
  }

  /** Shows further candidates; sources that are there already stay where they are. */
  async add(sources: readonly PlaygroundSource[]): Promise<void> {
    const known = new Set(this.#sources.map((each) => JSON.stringify(each)));
    this.#sources = [...this.#sources, ...sources.filter((each) => !known.has(JSON.stringify(each)))];
    await this.reopen();
  }

  /** The trainer has ended: the one that is started with the next question has to find the candidates again. */
  trainerEnded(): void {
    this.#hasEnded = true;
  }

  /** Has the candidates found anew. */
  async reopen(): Promise<void> {
    this.#candidates = undefined;
    await this.#show();
  }

  dispose(): void {
    this.#disposal.abort();
    this.#going?.stop.abort();
  }

  async #open(): Promise<PlaygroundCandidate[]> {
    const { trainer, workspace } = this.#options;
    if (this.#hasEnded) this.#candidates = undefined;
    this.#hasEnded = false;
    this.#candidates ??= trainer
      .request<PlaygroundCandidate[]>(
        PLAYGROUND.open,
        { workspace, sources: this.#sources },
        this.#disposal.signal,
      )
      .catch((error: unknown) => {
        this.#candidates = undefined;
        throw error;
      });
    return await this.#candidates;
  }

  async #show(): Promise<void> {
    try {
      const candidates = await this.#open();
      this.#options.post({ type: 'candidates', candidates, sources: [...this.#sources] });
    } catch (error) {
      if (!this.#disposal.signal.aborted)
        this.#options.post({ type: 'unavailable', message: wordsOf(error) });
    }
  }

  /** Tells the page what it missed. */
  #remind(): void {
    const { post } = this.#options;
    const going = this.#going;
    const isOpen = going && [...going.live.values()].some(({ answer }) => !answer);
    post({ type: 'going', turn: isOpen ? going.turn : undefined });
    for (const [candidate, { text, state, answer }] of going?.live ?? []) {
      const place = { turn: going?.turn ?? 0, candidate };
      if (answer) post({ type: 'answer', ...place, answer });
      else post({ type: 'progress', ...place, text, ...(state ? { state } : {}) });
    }
  }

  async #ask({ turn, past, ...asked }: FromPlayground & { type: 'ask' }): Promise<void> {
    this.#going?.stop.abort();
    const stop = new AbortController();
    const live = new Map(Object.keys(past).map((id): [string, Live] => [id, { text: '' }]));
    this.#going = { turn, stop, live };
    const { text, slots, settings } = asked;
    await Promise.all(
      Object.entries(past).map(async ([candidate, past]) => {
        const own = live.get(candidate)!;
        const params = { ask: `${turn} ${candidate}`, candidate, text, slots, past, settings };
        own.answer = await this.#answer(params, own, stop.signal);
        if (!this.#disposal.signal.aborted)
          this.#options.post({ type: 'answer', turn, candidate, answer: own.answer });
      }),
    );
  }

  async #answer(params: object, live: Live, signal: AbortSignal): Promise<KeptAnswer> {
    try {
      await this.#open();
      const result = await this.#options.trainer.request<AskResult>(PLAYGROUND.ask, params, signal);
      const { type, ...rest } = result;
      // SAFETY: `rest` is what goes with the type, which is looked at here.
      return type === 'answer'
        ? { state: 'done', ...(rest as Omit<AskResult & { type: 'answer' }, 'type'>) }
        : { state: 'failed', ...(rest as Omit<AskResult & { type: 'problem' }, 'type'>) };
    } catch (error) {
      if (signal.aborted) return { state: 'stopped', text: live.text };
      return {
        state: 'failed',
        code: 'playground/failed',
        message: wordsOf(error),
        hint: hintFor(error),
      };
    }
  }
}

function readAsk(ask: string): [turn: number, candidate: string] {
  const at = ask.indexOf(' ');
  return [Number(ask.slice(0, at)), ask.slice(at + 1)];
}

function hintFor(error: unknown): string {
  const again = 'Ask again: it is started anew, or where it keeps ending, a minute later.';
  // Not by its class, which is in a bundle that is read later.
  return error instanceof Error && 'mayLackMemory' in error && error.mayLackMemory === true
    ? `The system may have ended it for want of memory: end what else needs memory, or ask a smaller model. ${again}`
    : again;
}

function wordsOf(error: unknown): string {
  if (error instanceof TunebookError && error.hint !== undefined) return `${error.message} ${error.hint}`;
  return error instanceof Error ? error.message : String(error);
}
