import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeviceAnswer, type DeviceAnswer } from './device-answer.ts';
import type { Accelerator } from './try-device.ts';

/** What is asked: to multiply matrices, or to take a training step, with products in float32 or float16, and compare it with the processor's. */
export const DEVICE_QUESTIONS = ['try', 'compare', 'compare-float16'] as const;
export type DeviceQuestion = (typeof DEVICE_QUESTIONS)[number];

/** A driver that hangs is given up after this long; shaders of a slow device take a minute. */
const PATIENCE_MS = 180_000;
/** As much of what the child writes to its error stream is kept. */
const KEPT_ERROR_OUTPUT = 20_000;

/** The program that tries devices, and what it is started with. */
export interface TrialProgram {
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * Asks a process of its own what a device can do, so that a driver that crashes takes only that process with it.
 * @param program another program than `tunebook try-device`, for tests
 * @returns its answer, or a sentence that says how it ended without one. Never throws
 */
export function askDevice(
  device: Accelerator,
  what: DeviceQuestion,
  program: TrialProgram = ourselves(device, what),
): Promise<DeviceAnswer | string> {
  return new Promise((resolve) => {
    const child = spawn(program.command, program.args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      // Inside VS Code this program is Electron, which is Node only when told so.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      windowsHide: true,
    });
    // Not `timeout` of spawn: of a program that does not start that goes on, and keeps this process alive.
    const patience = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    let [output, errors] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors = (errors + text).slice(-KEPT_ERROR_OUTPUT);
    });
    const end = () => child.kill('SIGKILL');
    process.once('exit', end);
    const settle = (answer: DeviceAnswer | string) => {
      clearTimeout(patience);
      process.off('exit', end);
      resolve(answer);
    };
    child.once('error', (error) => settle(`The process that tries it does not start: ${error.message}`));
    child.once('close', (code, signal) => {
      const answer = readAnswer(output);
      if (answer) return settle(withLibrary(answer, errors));
      const how =
        signal === 'SIGKILL'
          ? `was still busy after ${PATIENCE_MS / 1000} s`
          : `ended with ${signal ?? `exit code ${code}`}`;
      settle(`The process that tried it ${how}${lastWords(errors)}`);
    });
  });
}

/** The bundle is one file; from the sources the command line is a file of its own. */
function ourselves(device: Accelerator, what: DeviceQuestion): TrialProgram {
  const here = fileURLToPath(import.meta.url);
  const entry = here.endsWith('.ts') ? join(dirname(here), '../cli.ts') : here;
  return { command: process.execPath, args: [entry, 'try-device', device, what] };
}

function readAnswer(output: string): DeviceAnswer | undefined {
  const line = output.trim().split('\n').at(-1) ?? '';
  try {
    const answer: unknown = JSON.parse(line);
    return isDeviceAnswer(answer) ? answer : undefined;
  } catch {
    return undefined;
  }
}

/** onnxruntime tells only its log which library a provider lacks. */
function withLibrary(answer: DeviceAnswer, errors: string): DeviceAnswer {
  const [, library, why] = /Failed to load library (\S+) with error: (.+)/.exec(errors) ?? [];
  if (answer.type !== 'trial' || !('problem' in answer.trial) || library === undefined || why === undefined)
    return answer;
  const reason = why.startsWith(library) ? why.slice(library.length).replace(/^:\s*/, '') : why;
  return {
    ...answer,
    trial: { ...answer.trial, problem: `Its library ${library} could not be loaded: ${reason}.` },
  };
}

function lastWords(errors: string): string {
  const line = errors.trim().split('\n').at(-1)?.trim() ?? '';
  return line === '' ? '.' : `: ${line}`;
}
