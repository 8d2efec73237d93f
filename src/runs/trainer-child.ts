import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import {
  CancellationTokenSource,
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import { isOutOfMemory } from './out-of-memory.ts';

/** The trainer ended before it answered, or does not start. */
export class TrainerEnded extends Error {
  override readonly name = 'TrainerEnded';
  /** Whether it may have ended for want of memory: it said so, or was killed, as a system does that has none left. */
  readonly mayLackMemory: boolean;

  constructor(message: string, mayLackMemory = false) {
    super(message);
    this.mayLackMemory = mayLackMemory;
  }
}

interface Running {
  child: ChildProcessByStdio<Writable, Readable, Readable>;
  connection: MessageConnection;
  /** Rejects when the process has ended. */
  ended: Promise<never>;
}

/** A trainer that dies more often than this in a minute is left alone for the rest of it. */
const MAX_STARTS_A_MINUTE = 3;
const EXIT_WITHIN_MS = 1000;
/** As much of what the trainer wrote to its error stream is kept for the log. */
const KEPT_ERROR_OUTPUT = 4000;

export interface TrainerChildOptions {
  /** The path of `tunebook.js`. */
  readonly trainer: string;
  /** What it is started with: `['inspect', '--stdio']`. */
  readonly args: readonly string[];
  /** Is told when the process dies. */
  readonly log: (message: string) => void;
  /** What it finds in its environment besides ours; asked for at each start. */
  readonly environment?: () => Readonly<Record<string, string>>;
  /** Is called when the process has ended, before its requests are rejected. */
  readonly onEnded?: () => void;
  /** Is told what the process says by itself. */
  readonly onNotification?: (method: string, params: unknown) => void;
}

/**
 * A `tunebook … --stdio` as a child process that answers over JSON-RPC: started with the first request, started again with the next one
 * after it died, and gone when its owner goes.
 */
export class TrainerChild {
  readonly #options: TrainerChildOptions;
  readonly #starts: number[] = [];
  #running: Running | undefined;
  #disposed = false;

  constructor(options: TrainerChildOptions) {
    this.#options = options;
    process.once('exit', this.#kill);
  }

  /** The last resort: without it an owner that is made to exit would leave its child behind. */
  readonly #kill = () => void this.#running?.child.kill('SIGKILL');

  /**
   * Asks the trainer. An abort cancels the request there.
   * @throws TrainerEnded when the process dies; a response error when the trainer refuses
   */
  async request<Result>(method: string, params: unknown, signal: AbortSignal): Promise<Result> {
    signal.throwIfAborted();
    const { connection, ended } = this.#start();
    const cancellation = new CancellationTokenSource();
    const onAbort = () => cancellation.cancel();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      const answer = connection.sendRequest<Result>(method, params, cancellation.token);
      return await Promise.race([answer, ended]);
    } finally {
      signal.removeEventListener('abort', onAbort);
      cancellation.dispose();
    }
  }

  /** Ends the process: asks it by closing its input, and kills it when it does not listen. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    process.off('exit', this.#kill);
    const running = this.#running;
    if (!running) return;
    running.child.stdin.end();
    const timer = setTimeout(() => running.child.kill('SIGKILL'), EXIT_WITHIN_MS);
    await running.ended.catch(() => undefined);
    clearTimeout(timer);
  }

  #start(): Running {
    if (this.#running) return this.#running;
    if (this.#disposed) throw new TrainerEnded('The trainer was ended.');
    const now = Date.now();
    while (this.#starts[0] !== undefined && now - this.#starts[0] > 60_000) this.#starts.shift();
    if (this.#starts.length >= MAX_STARTS_A_MINUTE) {
      throw new TrainerEnded('The trainer keeps ending, so it is not asked again for a minute.');
    }
    this.#starts.push(now);
    return (this.#running = this.#spawn());
  }

  #spawn(): Running {
    const { trainer, args, environment, onNotification, onEnded, log } = this.#options;
    const child = spawn(process.execPath, [trainer, ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      // Inside VS Code this program is Electron, which is Node only when told so.
      env: { ...process.env, ...environment?.(), ELECTRON_RUN_AS_NODE: '1' },
      windowsHide: true,
    });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors = (errors + text).slice(-KEPT_ERROR_OUTPUT);
    });
    const reader = new StreamMessageReader(child.stdout);
    // A message that a killed trainer leaves torn would be waited for with a timer for ever.
    reader.partialMessageTimeout = 0;
    const connection = createMessageConnection(reader, new StreamMessageWriter(child.stdin));
    connection.onError(() => undefined);
    if (onNotification)
      connection.onNotification((method: string, params: unknown) => onNotification(method, params));
    // A write to a process that has just died; its end is reported below.
    child.stdin.on('error', () => undefined);
    connection.listen();
    const ended = new Promise<never>((_, reject) => {
      const end = (reason: string, isKilled = false) => {
        if (this.#running?.child === child) this.#running = undefined;
        const output = errors === '' ? '' : `\n${errors}`;
        if (!this.#disposed) log(`The trainer (tunebook ${args.join(' ')}) ${reason}.${output}`);
        onEnded?.();
        // Before the connection rejects what is asked in words of its own.
        reject(new TrainerEnded(`The trainer ${reason}.`, isKilled || isOutOfMemory(errors)));
        connection.dispose();
      };
      child.once('error', (error) => end(`does not start: ${error.message}`));
      child.once('close', (code, signal) =>
        end(`ended (${signal ?? `exit code ${code ?? 0}`})`, signal === 'SIGKILL'),
      );
    });
    ended.catch(() => undefined);
    return { child, connection, ended };
  }
}
