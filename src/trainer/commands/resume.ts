import type { CommandInput } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit-codes.ts';
import { runOf, workspaceOf } from '../command-line/run-argument.ts';
import { conduct } from '../launch/conduct.ts';
import { evaluation, evaluationPlan } from '../launch/evaluation.ts';
import { sourcesOf } from '../launch/fetch-sources.ts';
import { readResumable } from '../launch/resumable.ts';
import { runPlan } from '../launch/run-plan.ts';
import { claimRun } from '../../runs/claim.ts';
import { pauseRun } from '../../runs/pause-client.ts';
import { readRun } from '../../runs/read.ts';
import type { RunSummary } from '../../protocol/run.ts';
import { DiskHost } from '../host.ts';
import { sweeping, type SweepConfig } from '../sweep/sweeping.ts';
import { training } from '../launch/training.ts';

/** `tunebook resume RUN`: goes on where a run or an evaluation stopped, with the same config, data and model. */
export async function resume(input: CommandInput): Promise<ExitCode> {
  const signal = input.interruption.toAbortSignal();
  const found = runOf(input);
  if (found.state === 'paused') return await goOn(input, found);
  claimRun(found.dir);
  const workspace = workspaceOf(input);
  const resumable = await readResumable(readRun(found.dir), workspace, signal);
  const { manifest, dir } = resumable;
  if (resumable.kind === 'sweep') {
    // SAFETY: written by this program as the config of a sweep, of a format that it knows.
    const config = resumable.config as SweepConfig;
    const where = { workspace, host: new DiskHost(workspace) };
    return await conduct(input, resumable, sweeping(input, config, resumable, where));
  }
  if (resumable.kind === 'evaluate') {
    const { config } = resumable;
    const sources = sourcesOf(config, evaluationPlan(config), workspace);
    return await conduct(input, resumable, evaluation(config, manifest, dir, sources));
  }
  const afterwards = `tunebook show ${manifest.name}   shows its metrics, files and settings`;
  const sources = sourcesOf(resumable.config, runPlan(resumable.config), workspace);
  return await conduct(
    input,
    resumable,
    training({ run: resumable.config, sources, manifest, dir, resume: true, afterwards }),
  );
}

/** A run that is paused has its process still: it is told to go on. */
async function goOn({ flags, terminal }: CommandInput, { id, dir }: RunSummary): Promise<ExitCode> {
  await pauseRun(dir, 'continue');
  if (flags.json) terminal.printJson({ type: 'asked-to-go-on', run: id, dir });
  else terminal.print(`${id} goes on, as soon as its device is free.`);
  return EXIT.done;
}
