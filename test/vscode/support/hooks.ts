import { cpSync, existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Context } from 'mocha';
import { RUNS_FOLDER } from '../../../src/protocol/run.ts';
import { ARTIFACTS } from './places.ts';
import { endAll, openSessions, prepareAll, type Session } from './session.ts';

/** Root hooks of the suite (see .mocharc.json): set up once, end everything, and keep a picture and the run folders of each failure. */
export async function mochaGlobalSetup(): Promise<void> {
  process.once('SIGTERM', () => void endAll().finally(() => process.exit(143)));
  await prepareAll();
}

export async function mochaGlobalTeardown(): Promise<void> {
  await endAll();
}

/** What the runs of a session's workspace wrote, without their models, and what their processes printed before that. */
function keepRuns({ workspace, server }: Session, to: string): void {
  const light = (path: string) => !/checkpoint-|output|\.safetensors$/.test(path);
  const from = [join(workspace, RUNS_FOLDER), server.launchLogs].filter((folder) => existsSync(folder));
  for (const folder of from) cpSync(folder, join(to, basename(folder)), { recursive: true, filter: light });
}

export const mochaHooks = {
  async afterEach(this: Context): Promise<void> {
    const test = this.currentTest;
    if (test?.state !== 'failed') return;
    const title = test.fullTitle().replace(/[^\w]+/g, '-');
    for (const session of openSessions()) {
      const name = `failed-${title}-${session.name}`;
      await session.window.screenshot(name).catch(() => undefined);
      keepRuns(session, `${ARTIFACTS}${name}`);
    }
  },
};
