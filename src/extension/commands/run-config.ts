import type { Services } from '../services.ts';
import { pickRunnable } from './pick-runnable.ts';
import { startTarget } from './start-target.ts';

/** `Tunebook: Run Config`: starts a `run:` document. */
export async function runConfig(services: Services, ...args: unknown[]): Promise<void> {
  const target = await pickRunnable('run', args);
  if (target) await startTarget(services, target);
}
