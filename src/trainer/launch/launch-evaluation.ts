import { resolveEvaluate } from '../../language/resolve.ts';
import type { CommandInput } from '../command-line/command.ts';
import { conduct } from './conduct.ts';
import { evaluation, evaluationPlan } from './evaluation.ts';
import { sourcesOf } from './fetch-sources.ts';
import type { Launched } from './launch-run.ts';
import { objectivesOf } from './objectives-of.ts';
import type { CheckedConfig } from './open-checked.ts';
import { openHub } from './open-hub.ts';
import { pinEvaluation } from './pin-sources.ts';
import { start } from './start.ts';
import { writtenDown } from './written-down.ts';

/**
 * Carries an `evaluate:` document out that was checked, in a directory of its own.
 * @throws TunebookError of the directory and of the Hub; the signal's reason when aborted before it begins
 */
export async function launchEvaluation(
  input: CommandInput,
  config: CheckedConfig,
  signal: AbortSignal,
): Promise<Launched> {
  const objectives = objectivesOf(config);
  const asked = resolveEvaluate(config.project, config.document);
  const judged = objectives.length > 0 ? { ...asked, objectives } : asked;
  const { hub, notices } = openHub(input, signal);
  const resolved = await pinEvaluation(judged, hub);
  const sources = sourcesOf(
    resolved,
    evaluationPlan(resolved, writtenDown(config, resolved)),
    config.workspace,
    notices,
  );
  const started = await start(input, config, sources, signal);
  const code = await conduct(input, started, evaluation(resolved, started.manifest, started.dir, sources));
  return { started, code };
}
