import { readdirSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import * as vscode from 'vscode';
import { runTitle } from '../../../protocol/describe-run.ts';
import { TunebookError } from '../../../protocol/error.ts';
import type { RunSummary } from '../../../protocol/run.ts';
import { createRunId } from '../../../runs/id.ts';
import { pauseRun } from '../../../runs/pause-client.ts';
import { readRun } from '../../../runs/read.ts';
import { isFinal } from '../../../protocol/events.ts';
import { keysForTrainer } from '../../keys/endpoint-keys.ts';
import { launch } from '../../runs/launch.ts';
import { launchLogs } from '../../runs/logs.ts';
import { trainerCopy } from '../../runs/trainer-copy.ts';
import type { Services } from '../../services.ts';
import { chosenRuns } from './chosen.ts';

/** `Tunebook: Pause Run`: it holds on, and the next one has its device. */
export async function pauseRunCommand(services: Services, ...args: unknown[]): Promise<void> {
  const runs = await chosenRuns(services, args, {
    title: 'Pause Run',
    none: 'No run is training.',
    among: ({ kind, state }) => kind === 'run' && (state === 'running' || state === 'evaluating'),
  });
  for (const { dir } of runs) await pauseRun(dir, 'pause');
  await services.store.refresh();
}

/** `Tunebook: Resume Run`: goes on with one that is paused, stopped, failed or lost. */
export async function resumeRun(services: Services, ...args: unknown[]): Promise<void> {
  const runs = await chosenRuns(services, args, {
    title: 'Resume Run',
    none: 'No run waits to be resumed.',
    among: ({ state }) => state === 'paused' || (isFinal(state) && state !== 'finished'),
  });
  for (const run of runs) await goOn(services, run);
}

/**
 * Goes on with a run that is paused, stopped, failed or lost.
 * @throws TunebookError `launch/refused` where it cannot go on
 */
export async function goOn(services: Services, run: RunSummary): Promise<void> {
  if (run.state === 'paused') await pauseRun(run.dir, 'continue');
  else await startTrainer(services, run, run.id, ['resume', run.id], (dir) => !isFinal(readRun(dir).state));
  await services.store.refresh();
}

/** `Tunebook: Restart Run`: a new run with the config of an old one, from the beginning or from a checkpoint. */
export async function restartRun(services: Services, ...args: unknown[]): Promise<void> {
  const [run] = await chosenRuns(services, args, {
    title: 'Restart Run',
    none: 'Nothing has run here yet.',
    among: ({ kind }) => kind !== 'sweep',
  });
  if (!run) return;
  const step = await pickCheckpoint(run);
  if (step === undefined) return;
  const id = createRunId(run.name);
  const from = step === 0 ? [] : ['--checkpoint', String(step)];
  await startTrainer(services, run, id, ['restart', run.id, ...from, '--id', id]);
  services.showMetrics([run.id, id], false);
}

/** `Tunebook: Duplicate Run with Changes`: its document again, with other values. */
export async function duplicateRun(services: Services, ...args: unknown[]): Promise<void> {
  const [run] = await chosenRuns(services, args, {
    title: 'Duplicate Run',
    none: 'Nothing has run here yet.',
    among: ({ kind }) => kind === 'run',
  });
  if (!run) return;
  const text = await vscode.window.showInputBox({
    title: `Duplicate ${runTitle(run)} with Changes`,
    placeHolder: 'train.learning_rate=1e-4 train.num_train_epochs=5',
    prompt: 'FIELD=VALUE, with spaces between them. Empty starts it once more as its file has it now.',
    validateInput: (value) =>
      words(value).every((word) => /^[A-Za-z_][\w.-]*=.+$/.test(word))
        ? undefined
        : 'A change is written FIELD=VALUE.',
  });
  if (text === undefined) return;
  const id = createRunId(run.name);
  const changes = words(text).flatMap((word) => ['--set', word]);
  await startTrainer(services, run, id, ['duplicate', run.id, ...changes, '--id', id]);
  services.showMetrics([run.id, id], false);
}

/** `Tunebook: Compare Runs`: what is selected, in one panel. */
export async function compareRuns(services: Services, ...args: unknown[]): Promise<void> {
  const runs = await chosenRuns(services, args, { title: 'Compare Runs', none: 'Nothing has run here yet.' });
  if (runs.length > 0)
    services.showMetrics(
      runs.map(({ id }) => id),
      false,
    );
}

async function pickCheckpoint({ dir }: RunSummary): Promise<number | undefined> {
  const steps = readdirSync(dir)
    .flatMap((name) => /^checkpoint-(\d+)$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => b - a);
  if (steps.length === 0) return 0;
  const items = [
    { label: 'From the beginning', step: 0 },
    ...steps.map((step) => ({ label: `From checkpoint-${step}`, step })),
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Restart Run',
    placeHolder: 'From where',
  });
  return picked?.step;
}

/** Starts the trainer in a process of its own, in the folder of a run. */
async function startTrainer(
  services: Services,
  { dir, kind }: RunSummary,
  id: string,
  args: readonly string[],
  hasBegun?: (directory: string) => boolean,
): Promise<void> {
  if (!vscode.workspace.isTrusted)
    throw new TunebookError('launch/untrusted', 'Nothing is run in a folder that you do not trust.', {
      hint: 'Use "Workspaces: Manage Workspace Trust" first.',
    });
  const { context, store } = services;
  const workspace = resolve(dir, '../../..');
  await vscode.window.withProgress({ location: { viewId: 'tunebook.runs' } }, async () => {
    const trainer = await trainerCopy(context.extensionPath, context.globalStorageUri.fsPath);
    const environment = kind === 'evaluate' ? await keysForTrainer(context.secrets) : {};
    const logs = launchLogs(context);
    await launch({ args, id: basename(id), workspace, trainer, environment, logs, hasBegun });
    await store.refresh();
  });
}

function words(text: string): string[] {
  return text.split(/\s+/).filter(Boolean);
}
