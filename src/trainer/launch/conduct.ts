import type { DeviceInfo, RunManifest } from '../../protocol/run.ts';
import type { StopRequest } from '../../runs/stop.ts';
import type { RunWriter } from '../../runs/writer.ts';
import type { CommandInput } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit-codes.ts';
import { shortPath } from '../terminal/describe-error.ts';
import { carryOut, NO_DEVICE, type Done, type Outcome, type Pause } from './carry-out.ts';
import { RunOutput } from './run-output.ts';

/** A run or an evaluation whose directory exists. */
export interface Started {
  readonly dir: string;
  readonly manifest: RunManifest;
  /** What keeps it from starting. */
  readonly obstacle?: unknown;
}

/** What is done in the directory, and what is said of it at the end. */
export interface Assignment<Result> {
  /** Computes. Writes the states in between, not the first nor the last. */
  work(context: {
    writer: RunWriter;
    device: DeviceInfo;
    stop: StopRequest;
    pause: Pause;
  }): Promise<Done<Result>>;
  /** The outcome in words; without a result nothing but its state is told. */
  describe(result: Result): string[];
  /** What to do next. */
  nextStep(state: Outcome<Result>['state']): string;
  /** The exit code of what has finished, where it is another one than that of success. */
  exitCode?(result: Result): ExitCode;
  /** What the JSON stream ends with. */
  lastObject(outcome: Outcome<Result>): unknown;
}

/** Carries an assignment out and tells of it, from the queue to what to try next. */
export async function conduct<Result>(
  { terminal, interruption, flags }: CommandInput,
  started: Started,
  assignment: Assignment<Result>,
): Promise<ExitCode> {
  const { dir, manifest, obstacle } = started;
  const output = new RunOutput(terminal, flags.json === true, manifest.kind);
  const outcome = await carryOut<Result>({
    dir,
    kind: manifest.kind,
    interruption,
    onWriter: (writer) => {
      output.attach(writer);
      introduce(output, started);
    },
    onEvent: (event) => output.onEvent(event),
    device: () => {
      if (manifest.kind === 'sweep' && obstacle === undefined) return NO_DEVICE;
      if (obstacle !== undefined || !manifest.device) throw obstacle;
      return manifest.device;
    },
    work: (writer, device, pause) => assignment.work({ writer, device, stop: interruption.stop, pause }),
  });
  conclude(output, started, outcome, assignment);
  if (flags.json) terminal.printJson(assignment.lastObject(outcome));
  if (outcome.state === 'finished' && assignment.exitCode) return assignment.exitCode(outcome.result);
  return { finished: EXIT.done, stopped: EXIT.interrupted, failed: EXIT.runFailed }[outcome.state];
}

function introduce(output: RunOutput, { manifest, dir }: Started): void {
  const { id, kind, device } = manifest;
  output.say(`${{ run: 'Run', evaluate: 'Evaluation', sweep: 'Sweep' }[kind]} ${id}`);
  output.say(`Folder ${shortPath(dir)}`);
  if (device) output.say(`Device ${device.device}: ${device.description} (${device.reason})`);
}

function conclude<Result>(
  output: RunOutput,
  { manifest, dir }: Started,
  outcome: Outcome<Result>,
  assignment: Assignment<Result>,
): void {
  const lines = outcome.state !== 'failed' && outcome.result ? assignment.describe(outcome.result) : [];
  output.say('');
  if (outcome.state === 'failed') output.sayError(outcome.error, outcome.cause);
  output.say(`${manifest.name} ${outcome.state}${lines.length > 0 ? ':' : '.'}`);
  for (const line of lines) output.say(line);
  output.say(`It lies in ${shortPath(dir)}`);
  output.say(`Next: ${assignment.nextStep(outcome.state)}`);
}
