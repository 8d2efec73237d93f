import type { CommandInput } from '../command-line/command.ts';
import type { ExitCode } from '../command-line/exit-codes.ts';
import { runOf, workspaceOf } from '../command-line/run-argument.ts';
import { asClassifierEvaluation } from '../evaluate/classifier-evaluation.ts';
import { conduct } from '../launch/conduct.ts';
import { evaluation } from '../launch/evaluation.ts';
import { readResumable } from '../launch/resumable.ts';
import { training } from '../launch/training.ts';

/** `tunebook resume RUN`: goes on where a run or an evaluation stopped, with the same config, data and model. */
export async function resume(input: CommandInput): Promise<ExitCode> {
  const signal = input.interruption.toAbortSignal();
  const resumable = await readResumable(runOf(input), workspaceOf(input), signal);
  const { manifest, dir } = resumable;
  if (resumable.kind === 'evaluate')
    return await conduct(
      input,
      resumable,
      evaluation(asClassifierEvaluation(resumable.config), manifest, dir),
    );
  const afterwards = `tunebook show ${manifest.name}   shows its metrics, files and settings`;
  return await conduct(
    input,
    resumable,
    training({ run: resumable.config, manifest, dir, resume: true, afterwards }),
  );
}
