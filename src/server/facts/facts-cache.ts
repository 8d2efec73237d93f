import { Stamps } from './stamp.ts';

/** What the cache asks when it does not know. `undefined` means that the answer cannot be had. */
export type Ask<Params, Facts> = (params: Params, signal: AbortSignal) => Promise<Facts | undefined>;

/** A question that nobody has asked yet; asking it makes its answer known. */
export type OpenQuestion = (signal: AbortSignal) => Promise<unknown>;

/** A request that is under way. It ends when nobody waits for it any longer. */
interface Pending<Facts> {
  stamp: string;
  answer: Promise<Facts | undefined>;
  waiting: number;
  controller: AbortController;
}

const MAX_ENTRIES = 200;

/** How long a request that nobody waits for goes on: an edit asks for the same again in a moment. */
const GRACE_MS = 2000;

/**
 * Facts by what was asked, kept as long as the files behind them have the same stamp. Requests for the same thing share
 * one answer.
 */
export class FactsCache<Params, Facts> {
  readonly #ask: Ask<Params, Facts>;
  readonly #stamp: (params: Params, stamps: Stamps) => Promise<string>;
  readonly #entries = new Map<string, { stamp: string; facts: Facts | undefined }>();
  readonly #pending = new Map<string, Pending<Facts>>();

  constructor(ask: Ask<Params, Facts>, stamp: (params: Params, stamps: Stamps) => Promise<string>) {
    this.#ask = ask;
    this.#stamp = stamp;
  }

  /**
   * What is known of the files as they are now; without `facts` where they have not been looked at.
   * @param stamps what was found out about files by who asks for the facts of many documents at once
   */
  async known(params: Params, stamps = new Stamps()): Promise<{ facts: Facts | undefined } | undefined> {
    const entry = this.#entries.get(JSON.stringify(params));
    return entry && entry.stamp === (await this.#stamp(params, stamps)) ? entry : undefined;
  }

  /** The facts as far as they are known now; where they are not, the question is added to `open`. */
  async knownOrOpen(params: Params, open: OpenQuestion[], stamps?: Stamps): Promise<Facts | undefined> {
    const known = await this.known(params, stamps);
    if (!known) open.push((signal) => this.get(params, signal));
    return known?.facts;
  }

  /** The facts, from the cache or asked for. Rejects with the signal's reason when aborted. */
  async get(params: Params, signal: AbortSignal): Promise<Facts | undefined> {
    const key = JSON.stringify(params);
    const stamp = await this.#stamp(params, new Stamps());
    signal.throwIfAborted();
    const entry = this.#entries.get(key);
    if (entry?.stamp === stamp) return entry.facts;
    let pending = this.#pending.get(key);
    if (pending?.stamp !== stamp) pending = this.#start(key, stamp, params);
    return await this.#wait(pending, signal);
  }

  #start(key: string, stamp: string, params: Params): Pending<Facts> {
    const controller = new AbortController();
    const answer = this.#ask(params, controller.signal);
    const pending: Pending<Facts> = { stamp, answer, waiting: 0, controller };
    const isNewest = () => this.#pending.get(key) === pending;
    answer.then(
      (facts) => {
        if (!isNewest()) return;
        this.#pending.delete(key);
        this.#remember(key, { stamp, facts });
      },
      () => isNewest() && this.#pending.delete(key),
    );
    this.#pending.set(key, pending);
    return pending;
  }

  async #wait(pending: Pending<Facts>, signal: AbortSignal): Promise<Facts | undefined> {
    pending.waiting++;
    try {
      return await untilAborted(pending.answer, signal);
    } finally {
      pending.waiting--;
      if (pending.waiting === 0) {
        setTimeout(() => pending.waiting === 0 && pending.controller.abort(), GRACE_MS).unref();
      }
    }
  }

  #remember(key: string, entry: { stamp: string; facts: Facts | undefined }): void {
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MAX_ENTRIES && oldest !== undefined) this.#entries.delete(oldest);
  }
}

/** The answer, or a rejection with the signal's reason when that comes first. */
async function untilAborted<Answer>(answer: Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([answer, aborted]);
  } finally {
    if (onAbort) signal.removeEventListener('abort', onAbort);
  }
}
