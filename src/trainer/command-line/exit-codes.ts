/** What the command line's exit codes mean; documented in the help of `tunebook`. */
export const EXIT = {
  done: 0,
  /** Something in the config or the data is wrong: nothing was started. */
  wrongInput: 1,
  /** The command itself was written wrongly. */
  wrongUsage: 2,
  /** A run or an evaluation was started and failed. */
  runFailed: 3,
  /** An evaluation was carried out, and an objective that it measures is not met. */
  objectiveNotMet: 4,
  /** Ctrl+C, a signal, or a request to stop. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Faults of the machine that no change of the config would mend. */
const MACHINE_FAULTS: readonly string[] = [
  'hub/busy',
  'hub/checksum',
  'hub/torn',
  'hub/unavailable',
  'hub/unreachable',
  'internal',
  'run/disk-full',
  'run/folder-gone',
  'run/not-writable',
  'run/out-of-memory',
  'run/runtime-folder',
];

/** The exit code for an error that came before a run directory was there. */
export function exitCodeOf(errorCode: string): ExitCode {
  return MACHINE_FAULTS.includes(errorCode) ? EXIT.runFailed : EXIT.wrongInput;
}
