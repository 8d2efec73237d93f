import { connect } from 'node:net';
import { TunebookError } from '../protocol/error.ts';
import type { ControlRequest, ControlResponse } from '../protocol/run.ts';
import { systemCode } from './errors.ts';
import { isProcessAlive, isThisMachine } from './process.ts';
import { readProcess, readRun } from './read.ts';
import { isFinal } from '../protocol/events.ts';

/**
 * Sends one request to the process of a run and gives its response. A process in the middle of a long training step
 * answers when the step is done.
 * @param timeout milliseconds to wait for the response.
 * @throws Node's system errors when nobody listens, and `ETIMEDOUT` without a response in time: it has the request all the same
 */
export function requestControl(
  socketPath: string,
  request: ControlRequest,
  timeout = 10_000,
): Promise<ControlResponse> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    let text = '';
    socket.setEncoding('utf8');
    const late = Object.assign(new Error('The run did not answer in time.'), { code: 'ETIMEDOUT' });
    socket.setTimeout(timeout, () => socket.destroy(late));
    socket.on('connect', () => socket.write(`${JSON.stringify(request)}\n`));
    socket.on('data', (chunk: string) => {
      text += chunk;
      const end = text.indexOf('\n');
      if (end === -1) return;
      socket.destroy();
      // SAFETY: the other end is our own ControlServer, on a socket that only this user can open.
      resolve(JSON.parse(text.slice(0, end)) as ControlResponse);
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('The run closed the connection.')));
  });
}

/**
 * Asks a run to save a checkpoint and stop. Returns when the request has been delivered, not when the run has ended.
 * Where no control socket answers, the process gets the signal that Ctrl+C sends.
 * @param timeout milliseconds to wait for an answer; a process in a long step has the request without one
 * @throws TunebookError `run/not-running`, `run/other-machine`, `run/other-user`
 */
export async function stopRun(dir: string, timeout = 10_000): Promise<void> {
  const { id, state } = readRun(dir);
  const known = readProcess(dir);
  if (isFinal(state) || !known || !isProcessAlive(known))
    throw new TunebookError('run/not-running', `${id} is not running: it is ${state}.`, {
      hint: '`tunebook runs` shows what is running.',
    });
  if (!isThisMachine(known))
    throw new TunebookError(
      'run/other-machine',
      `${id} runs on another machine or in another container: ${known.host}.`,
      {
        hint: 'Stop it there.',
      },
    );
  if (known.controlSocket !== undefined && (await deliver(known.controlSocket, timeout))) return;
  signal(known.pid, id);
}

/** False when nobody listens. A process too busy to answer in time has the request all the same: never ask twice. */
async function deliver(socketPath: string, timeout: number): Promise<boolean> {
  try {
    await requestControl(socketPath, { method: 'stop' }, timeout);
    return true;
  } catch (error) {
    return !['ENOENT', 'ECONNREFUSED', 'EACCES', 'ENOTSOCK'].includes(systemCode(error) ?? '');
  }
}

function signal(pid: number, id: string): void {
  try {
    process.kill(pid, process.platform === 'win32' ? 'SIGTERM' : 'SIGINT');
  } catch (cause) {
    throw new TunebookError('run/other-user', `The process ${pid} of ${id} may not be signalled.`, {
      hint: 'It belongs to another user: ask them to stop it.',
      cause,
    });
  }
}
