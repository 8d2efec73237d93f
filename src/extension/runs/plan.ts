import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import type { Location } from '../../protocol/error.ts';
import type { RunPlan } from '../../protocol/plan.ts';
import { formatBytes, formatDuration } from '../../protocol/format.ts';

/** What is known of a run before it starts. */
export interface PlanAnswer {
  plan?: RunPlan;
  /** Sentences of warnings and, where there is no plan, of why there is none. */
  said: string[];
  /** Where the first error stands. */
  at?: Location;
}

/**
 * Asks the trainer what a run would do. Never throws: what keeps a plan from being made is said when the run is started, with its
 * place in the file.
 * @param signal ends the asking
 */
export function askForPlan(
  trainer: string,
  { file, name, workspace }: { file: string; name: string; workspace: string },
  signal: AbortSignal,
): Promise<PlanAnswer> {
  const args = [trainer, 'plan', file, name, '--json', '--workspace', workspace];
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1', NO_COLOR: '1' };
  return new Promise((answer) => {
    execFile(
      process.execPath,
      args,
      { env, signal, maxBuffer: 64 * 1024 * 1024 },
      (_error, stdout, stderr) => {
        const plan = readPlan(stdout);
        const at = placeOfError(stderr);
        answer({ said: sentences(stderr), ...(plan ? { plan } : {}), ...(at ? { at } : {}) });
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

/** The first line of every warning and error that the trainer printed. */
function sentences(stderr: string): string[] {
  return stderr
    .split('\n')
    .filter((line) => /(^|: )(warning|error): /.test(line))
    .map((line) => line.replace(/^.*?(warning|error): /, '').replace(/ \[[\w/-]+\]$/, ''));
}

function placeOfError(stderr: string): Location | undefined {
  const [, file, line, column] = /^(.+?):(\d+):(\d+): error: /m.exec(stderr) ?? [];
  return file === undefined ? undefined : { file: resolve(file), line: Number(line), column: Number(column) };
}

/** A plan in few words: `510 steps · about 2 min 5 s · 412.0 MiB of memory · 35.2 MiB on disk · cpu`. */
export function planWords({ steps, probe, stateMemory, disk, device }: RunPlan): string {
  return [
    `${steps.toLocaleString('en-US')} ${steps === 1 ? 'step' : 'steps'}`,
    ...(probe ? [`about ${formatDuration(Math.ceil(probe.seconds))}`] : []),
    `${formatBytes(probe?.peakMemory ?? stateMemory)} of memory`,
    `${formatBytes(disk.most)} on disk`,
    device,
  ].join(' · ');
}
