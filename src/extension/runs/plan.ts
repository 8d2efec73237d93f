import { execFile } from 'node:child_process';
import type { TunebookError } from '../../protocol/error.ts';
import type { RunPlan } from '../../protocol/plan.ts';
import { formatBytes, formatDuration } from '../../protocol/format.ts';
import { explainRefusal } from './refusal.ts';

/** What is known of a run before it starts. */
export interface PlanAnswer {
  plan?: RunPlan;
  /** The sentences of warnings. */
  warnings: string[];
  /** Why there is no plan, with the place and the next step. */
  refusal?: TunebookError;
}

/**
 * Asks the trainer what a run would do. Never throws: what keeps a plan from being made is its answer.
 * @param signal ends the asking
 */
export function askForPlan(
  trainer: string,
  { file, name, workspace }: { file: string; name: string; workspace: string },
  signal: AbortSignal,
): Promise<PlanAnswer> {
  const args = [trainer, 'plan', file, name, '--json', '--workspace', workspace];
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  return new Promise((answer) => {
    execFile(
      process.execPath,
      args,
      { env, signal, maxBuffer: 64 * 1024 * 1024 },
      (_error, stdout, stderr) => {
        const plan = readPlan(stdout);
        const warnings = warningsIn(stderr);
        if (plan) answer({ warnings, plan });
        else if (signal.aborted) answer({ warnings });
        else answer({ warnings, refusal: explainRefusal(stderr, process.cwd(), file) });
      },
    );
  });
}

function readPlan(stdout: string): RunPlan | undefined {
  for (const line of stdout.split('\n')) {
    if (!line.startsWith('{"type":"plan"')) continue;
    // SAFETY: printed by our own trainer of this same version.
    return JSON.parse(line) as RunPlan;
  }
  return undefined;
}

/** The first line of every warning that the trainer printed. */
function warningsIn(stderr: string): string[] {
  return stderr
    .split('\n')
    .filter((line) => /(^|: )warning: /.test(line))
    .map((line) => line.replace(/^.*?warning: /, '').replace(/ \[[\w/-]+\]$/, ''));
}

/** A plan in few words: `510 steps · about 2 min 5 s · 412.0 MiB of memory · 35.2 MiB on disk · cpu`; what was not measured is counted. */
export function planWords(plan: RunPlan): string {
  const { steps, probe, notMeasured, stateMemory, batchMemory, disk, device } = plan;
  // Batches are counted as the processor has them.
  const counted = stateMemory + (device === 'cpu' ? batchMemory.used : 0);
  return [
    `${steps.toLocaleString('en-US')} ${steps === 1 ? 'step' : 'steps'}`,
    ...(probe ? [`about ${formatDuration(Math.ceil(probe.seconds))}`] : []),
    ...(notMeasured === undefined ? [] : ['not measured, for want of memory']),
    probe ? `${formatBytes(probe.peakMemory)} of memory` : `at least ${formatBytes(counted)} of memory`,
    `${formatBytes(disk.most)} on disk`,
    device,
  ].join(' · ');
}
