import { resolveEvaluate } from '../../language/resolve.ts';
import type { CommandInput } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit-codes.ts';
import { conduct } from '../launch/conduct.ts';
import { evaluation, evaluationPlan } from '../launch/evaluation.ts';
import { openChecked } from '../launch/open-checked.ts';
import { checkId, start } from '../launch/start.ts';

/** `tunebook evaluate FILE [NAME]`: measures every candidate on the same examples and says what the numbers mean. */
export async function evaluate(input: CommandInput): Promise<ExitCode> {
  checkId(input, 'evaluate');
  const signal = input.interruption.toAbortSignal();
  const config = await openChecked(input, 'evaluate', signal);
  if (!config) return EXIT.wrongInput;
  const resolved = resolveEvaluate(config.project, config.document);
  const started = await start(input, config, evaluationPlan(resolved), signal);
  return await conduct(input, started, evaluation(resolved, started.manifest, started.dir));
}
