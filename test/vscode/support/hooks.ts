import type { Context } from 'mocha';
import { endAll, openSessions, prepareAll } from './session.ts';

/** Root hooks of the suite (see .mocharc.json): set up once, end everything, and keep a picture of each failure. */
export async function mochaGlobalSetup(): Promise<void> {
  process.once('SIGTERM', () => void endAll().finally(() => process.exit(143)));
  await prepareAll();
}

export async function mochaGlobalTeardown(): Promise<void> {
  await endAll();
}

export const mochaHooks = {
  async afterEach(this: Context): Promise<void> {
    const test = this.currentTest;
    if (test?.state !== 'failed') return;
    const title = test.fullTitle().replace(/[^\w]+/g, '-');
    for (const { name, window } of openSessions())
      await window.screenshot(`failed-${title}-${name}`).catch(() => undefined);
  },
};
