import type { Services } from '../services.ts';
import { pickRunnable } from './pick-runnable.ts';
import { startTarget } from './start-target.ts';

/** `Tunebook: Evaluate Config`: starts an `evaluate:` document. */
export async function evaluateConfig(services: Services, ...args: unknown[]): Promise<void> {
  const target = await pickRunnable('evaluate', args);
  if (target) await startTarget(services, target);
}
