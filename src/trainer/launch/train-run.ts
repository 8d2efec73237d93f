import type { ResolvedRun } from '../../language/resolved.ts';
import { toWire, type WireNumber } from '../../protocol/numbers.ts';
import type { RunManifest } from '../../protocol/run.ts';
import type { CommandInput } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit-codes.ts';
import { train } from '../loop/train.ts';
import { describeError, shortPath } from '../terminal/describe-error.ts';
import { metricsTable } from '../terminal/metrics-table.ts';
import { carryOut, type Outcome } from './carry-out.ts';
import { RunOutput } from './run-output.ts';

/** A run whose directory exists. */
export interface StartedRun {
  readonly dir: string;
  readonly run: ResolvedRun;
  readonly manifest: RunManifest;
  /** What keeps the run from starting. */
  readonly obstacle?: unknown;
  /** Go on from its newest checkpoint. */
  readonly resume?: boolean;
}

/** Trains in a run directory and tells of it, from the queue to what to try next. */
export async function trainRun(input: CommandInput, started: StartedRun): Promise<ExitCode> {
  const { terminal, interruption, flags } = input;
  const { dir, run, manifest, obstacle, resume = false } = started;
  const output = new RunOutput(terminal, flags.json === true, manifest.kind);
  let metrics: Record<string, number> = {};
  const outcome = await carryOut<Record<string, number>>({
    dir,
    interruption,
    onWriter: (writer) => {
      output.attach(writer);
      introduce(output, started);
    },
    onEvent: (event) => output.onEvent(event),
    device: () => {
      if (obstacle !== undefined || !manifest.device) throw obstacle;
      return manifest.device;
    },
    work: async (writer, device) => {
      const done = await train({ run, writer, stop: interruption.stop, device, resume });
      metrics = done.metrics;
      return { state: done.state, result: done.metrics };
    },
  });
  conclude(output, started, outcome, metrics);
  if (flags.json) {
    const wire = Object.entries(metrics).map(([name, value]) => [name, toWire(value)] as const);
    const { id, name } = manifest;
    terminal.printJson({
      type: 'finished',
      run: id,
      name,
      dir,
      state: outcome.state,
      metrics: Object.fromEntries<WireNumber>(wire),
    });
  }
  return { finished: EXIT.done, stopped: EXIT.interrupted, failed: EXIT.runFailed }[outcome.state];
}

function introduce(output: RunOutput, { manifest, dir }: StartedRun): void {
  output.say(`Run ${manifest.id}`);
  output.say(`Folder ${shortPath(dir)}`);
  const { device } = manifest;
  if (device) output.say(`Device ${device.device}: ${device.description} (${device.reason})`);
}

function conclude(
  output: RunOutput,
  { manifest, dir, run }: StartedRun,
  outcome: Outcome<Record<string, number>>,
  metrics: Readonly<Record<string, number>>,
): void {
  output.say('');
  if (outcome.state === 'failed') output.sayError(describeError(outcome.error, output.errorStyle));
  const table = metricsTable(metrics);
  output.say(`${manifest.name} ${outcome.state}${table.length > 0 ? ':' : '.'}`);
  for (const line of table) output.say(line);
  output.say(`It lies in ${shortPath(dir)}`);
  output.say(`Next: ${nextStep(outcome.state, manifest, run)}`);
}

function nextStep(state: Outcome<unknown>['state'], manifest: RunManifest, run: ResolvedRun): string {
  if (state === 'stopped') return `tunebook resume ${manifest.id}   goes on from the checkpoint`;
  if (state === 'failed') return `tunebook logs ${manifest.id}   shows what it printed`;
  return `tunebook show ${run.name}   shows its metrics, files and settings`;
}
