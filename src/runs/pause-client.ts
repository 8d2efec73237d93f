import { TunebookError } from '../protocol/error.ts';
import type { ControlRequest, ControlResponse } from '../protocol/run.ts';
import { requestControl } from './control-client.ts';
import { systemCode } from './errors.ts';
import { readProcess, readRun } from './read.ts';

/**
 * Asks a run to hold on after its next step, or to go on. It keeps its memory, saves a checkpoint first, and lets others have
 * its device meanwhile. Returns when the wish has been delivered.
 * @param timeout milliseconds to wait for an answer; a process in a long step has the wish without one
 * @throws TunebookError `run/not-pausable`
 */
export async function pauseRun(dir: string, method: 'pause' | 'continue', timeout = 10_000): Promise<void> {
  const { id, state } = readRun(dir);
  const wanted = method === 'pause' ? ['running', 'evaluating'] : ['paused', 'running', 'evaluating'];
  if (!wanted.includes(state)) throw notPausable(id, `it is ${state}`);
  const socket = readProcess(dir)?.controlSocket;
  if (socket === undefined) throw notPausable(id, 'it has no control socket on this machine');
  const answer = await ask(socket, { method }, { id, timeout });
  if (answer && !answer.ok) throw notPausable(id, answer.error.replace(/\.$/, ''));
}

/** What the run answers; undefined where its step takes longer than that. */
async function ask(
  socket: string,
  request: ControlRequest,
  { id, timeout }: { id: string; timeout: number },
): Promise<ControlResponse | undefined> {
  try {
    return await requestControl(socket, request, timeout);
  } catch (error) {
    if (systemCode(error) === 'ETIMEDOUT') return undefined;
    throw notPausable(id, error instanceof Error ? error.message : String(error));
  }
}

function notPausable(id: string, why: string): TunebookError {
  return new TunebookError('run/not-pausable', `${id} cannot be paused or gone on with: ${why}.`, {
    hint: `A run that trains can be paused; \`tunebook stop ${id}\` ends any, and \`tunebook resume ${id}\` goes on with it.`,
  });
}
