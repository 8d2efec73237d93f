import { existsSync, readdirSync } from 'node:fs';
import type { Session } from './session.ts';
import { until } from './until.ts';

/** How long the first click may take until the trainer is started, in seconds; each has twice as long as the one before. */
const FIRST = 8;

/**
 * Clicks a lens, and starts what its plan shows, until the extension has started a trainer. While VS Code renews the lenses of a file it has forgotten the commands
 * of those that are still seen, and a click on one does nothing: a person clicks again.
 */
export async function startByLens(
  { window, server }: Omit<Session, 'name' | 'end'>,
  title: string,
): Promise<void> {
  const launches = () => (existsSync(server.launchLogs) ? readdirSync(server.launchLogs).length : 0);
  const before = launches();
  let seconds = FIRST / 2;
  await until(`a click on the lens ${title} starts a trainer`, async () => {
    seconds *= 2;
    await window.lens(title).click();
    await window.startPlanned(title.replace(/^Train /, ''), seconds).catch(() => undefined);
    return until('a trainer is started', () => launches() > before, seconds).catch(() => false);
  });
}
