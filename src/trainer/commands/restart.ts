import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResolvedEvaluate, ResolvedRun } from '../../language/resolved.ts';
import { TunebookError } from '../../protocol/error.ts';
import { RUN_FILES, RUN_FORMAT_VERSION, type RunManifest, type RunSummary } from '../../protocol/run.ts';
import { fillConfig } from '../../runs/environment.ts';
import { eventsUntil } from '../../runs/events-until.ts';
import { readManifest } from '../../runs/read.ts';
import { listCheckpoints } from '../checkpoint/checkpoint.ts';
import type { TrainerState } from '../checkpoint/trainer-state.ts';
import type { CommandInput } from '../command-line/command.ts';
import type { ExitCode } from '../command-line/exit-codes.ts';
import { runOf, workspaceOf } from '../command-line/run-argument.ts';
import { UsageError } from '../command-line/usage-error.ts';
import { DiskHost } from '../host.ts';
import { conduct } from '../launch/conduct.ts';
import { evaluation, evaluationPlan } from '../launch/evaluation.ts';
import { sourcesOf } from '../launch/fetch-sources.ts';
import { checkInputs } from '../launch/resumable.ts';
import { runPlan } from '../launch/run-plan.ts';
import { checkId, start } from '../launch/start.ts';
import { training } from '../launch/training.ts';

/** `tunebook restart RUN`: a new run with the config of an old one, from the beginning or from a checkpoint of it. */
export async function restart(input: CommandInput): Promise<ExitCode> {
  checkId(input, 'restart');
  const signal = input.interruption.toAbortSignal();
  const workspace = workspaceOf(input);
  const old = runOf(input);
  const manifest = manifestOf(old);
  if (manifest.kind === 'sweep')
    throw new TunebookError(
      'run/not-restartable',
      `${old.id} is a sweep, which is started from its config.`,
      {
        hint: `tunebook run ${manifest.file} ${manifest.name}   or \`tunebook resume\` to go on with it`,
      },
    );
  const where = { workspace, host: new DiskHost(workspace) };
  const written = { config: manifest.config, environment: manifest.environment };
  const filled = fillConfig(manifest.config, manifest.environment, old.id);
  if (manifest.kind === 'evaluate') {
    // SAFETY: `config` was written by this program as the resolved document of this kind, of a format that it knows.
    const config = filled as ResolvedEvaluate;
    const again = {
      ...evaluationPlan(config, written),
      parent: { id: old.id, as: 'restart' as const, step: 0 },
    };
    const sources = sourcesOf(config, again, workspace);
    const begun = await start(input, where, sources, signal);
    return await conduct(input, begun, evaluation(config, begun.manifest, begun.dir, sources));
  }
  const step = stepOf(input, old);
  // Going on from a checkpoint with other data would be neither the old run nor a new one.
  if (step > 0) await checkInputs(manifest, workspace, signal);
  // SAFETY: as above.
  const run = filled as ResolvedRun;
  const plan = { ...runPlan(run, written), parent: { id: old.id, as: 'restart' as const, step } };
  const fill = step === 0 ? undefined : (folder: string) => copyUntil(old.dir, step, folder);
  const sources = sourcesOf(run, plan, workspace);
  const started = await start(input, where, sources, signal, fill);
  const afterwards = `tunebook show ${started.manifest.id}   shows its metrics, files and settings`;
  return await conduct(input, started, training({ ...started, run, sources, resume: step > 0, afterwards }));
}

function manifestOf({ dir, id }: RunSummary): RunManifest {
  const { manifest, problem } = readManifest(dir);
  if (manifest && manifest.formatVersion <= RUN_FORMAT_VERSION) return manifest;
  throw new TunebookError('run/not-restartable', `${id} cannot be started once more: ${problem ?? ''}`, {
    hint: 'Start its config: tunebook run FILE NAME',
    location: { file: dir },
  });
}

function stepOf({ flags: { checkpoint } }: CommandInput, { id, dir }: RunSummary): number {
  if (checkpoint === undefined) return 0;
  if (checkpoint !== 'last' && !/^\d+$/.test(checkpoint))
    throw new UsageError(
      `--checkpoint takes a step or \`last\`, and not ${JSON.stringify(checkpoint)}.`,
      'restart',
    );
  const steps = listCheckpoints(dir);
  const step = checkpoint === 'last' ? steps.at(-1) : Number(checkpoint);
  if (step !== undefined && steps.includes(step)) return step;
  throw new TunebookError('run/no-checkpoint', `${id} has no checkpoint ${checkpoint}.`, {
    hint:
      steps.length === 0
        ? 'It has none: leave --checkpoint out, and it starts from the beginning.'
        : `It has those of the steps ${steps.join(', ')}.`,
    location: { file: dir },
  });
}

/** What the old run was until the step: its checkpoint, the best one before it, and its numbers. */
function copyUntil(dir: string, step: number, folder: string): void {
  const names = [`checkpoint-${step}`, bestBefore(dir, step)].filter((name) => name !== undefined);
  for (const name of new Set(names)) cpSync(join(dir, name), join(folder, name), { recursive: true });
  const lines = eventsUntil(dir, step).map((event) => `${JSON.stringify(event)}\n`);
  writeFileSync(join(folder, RUN_FILES.events), lines.join(''));
}

/** The best checkpoint so far as that of the step knows it, which the end of the run may load. */
function bestBefore(dir: string, step: number): string | undefined {
  const text = readFileSync(join(dir, `checkpoint-${step}`, 'trainer_state.json'), 'utf8');
  // SAFETY: written by saveCheckpoint.
  const best = (JSON.parse(text) as TrainerState).best_model_checkpoint;
  return best !== null && existsSync(join(dir, best)) ? best : undefined;
}
