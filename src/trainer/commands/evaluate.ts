import { resolveEvaluate, resolveObjective } from '../../language/resolve.ts';
import { isWhole } from '../../language/validate/missing.ts';
import type { CommandInput } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit-codes.ts';
import { asClassifierEvaluation } from '../evaluate/classifier-evaluation.ts';
import { conduct } from '../launch/conduct.ts';
import { evaluation, evaluationPlan } from '../launch/evaluation.ts';
import { sourcesOf } from '../launch/fetch-sources.ts';
import { openHub } from '../launch/open-hub.ts';
import { pinEvaluation } from '../launch/pin-sources.ts';
import { openChecked, type CheckedConfig } from '../launch/open-checked.ts';
import { checkId, start } from '../launch/start.ts';

/** `tunebook evaluate FILE [NAME]`: measures every candidate on the same examples and says what the numbers mean. */
export async function evaluate(input: CommandInput): Promise<ExitCode> {
  checkId(input, 'evaluate');
  const signal = input.interruption.toAbortSignal();
  const config = await openChecked(input, 'evaluate', signal);
  if (!config) return EXIT.wrongInput;
  const { workspace } = config;
  const classifiers = asClassifierEvaluation(resolveEvaluate(config.project, config.document));
  warnOfObjectives(input, config);
  const { hub, notices } = openHub(input, signal);
  const resolved = await pinEvaluation(classifiers, hub);
  const sources = sourcesOf(resolved, evaluationPlan(resolved), workspace, notices);
  const started = await start(input, config, sources, signal);
  return await conduct(input, started, evaluation(resolved, started.manifest, started.dir, sources));
}

/** An objective is not silently left alone: whoever wrote one expects to hear whether it is met. */
function warnOfObjectives({ terminal }: CommandInput, { project, document }: CheckedConfig): void {
  const objectives = document.file.documents.filter(({ kind }) => kind === 'objective');
  for (const each of objectives) {
    if (!isWhole(project, each)) continue;
    const { name, evaluate: measured } = resolveObjective(project, each);
    if (measured.name !== document.name || measured.file !== document.file.path) continue;
    terminal.printError(
      `The objective "${name}" is not judged by this version of Tunebook: compare its numbers with the result yourself.`,
    );
  }
}
