import { rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { RunState } from '../protocol/events.ts';
import type { ControlResponse } from '../protocol/run.ts';

/** What the control server does for those who call. */
export interface ControlHandler {
  state(): RunState;
  /** Asks the run to stop; it goes on until its next step is done. */
  stop(): void;
  /** Asks the run to hold on after its next step. False where it cannot. */
  pause(): boolean;
  /** Ends a pause. */
  continue(): void;
}

/**
 * Listens on a run's control socket: one JSON request a line, one JSON response a line. Does not keep the process
 * alive. A socket file left behind by a dead process is replaced.
 */
export class ControlServer {
  readonly #server: Server;
  readonly #path: string;
  readonly #sockets = new Set<Socket>();

  constructor(path: string, handler: ControlHandler, onError: (error: Error) => void) {
    this.#path = path;
    if (process.platform !== 'win32') rmSync(path, { force: true });
    this.#server = createServer((socket) => this.#serve(socket, handler));
    this.#server.on('error', onError);
    this.#server.listen(path);
    this.#server.unref();
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    if (process.platform !== 'win32') rmSync(this.#path, { force: true });
  }

  #serve(socket: Socket, handler: ControlHandler): void {
    socket.unref();
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    // A caller that goes away before its answer harms nobody.
    socket.on('error', () => socket.destroy());
    const lines = createInterface({ input: socket });
    lines.on('error', () => socket.destroy());
    lines.on('line', (line) => socket.write(`${JSON.stringify(answer(line, handler))}\n`));
  }
}

function answer(line: string, handler: ControlHandler): ControlResponse {
  let request: unknown;
  try {
    request = JSON.parse(line);
  } catch {
    return { ok: false, error: 'The request is not JSON.' };
  }
  const method =
    typeof request === 'object' && request !== null && 'method' in request ? request.method : undefined;
  if (method === 'stop') handler.stop();
  else if (method === 'continue') handler.continue();
  else if (method === 'pause') {
    if (!handler.pause())
      return { ok: false, error: 'It can be paused only while it trains. Stop it, and resume it later.' };
  } else if (method !== 'ping') return { ok: false, error: `Unknown method ${JSON.stringify(method)}.` };
  return { ok: true, state: handler.state() };
}
