import type { RunEnvironment } from './environment.ts';
import type { RunState } from './events.ts';
import type { WireNumber } from './numbers.ts';

/** The run directory: `.tunebook/runs/<utc time>-<name>-<4 hex>/`. Names of the files in it, in one place. */
export const RUN_FILES = {
  manifest: 'run.json',
  events: 'events.jsonl',
  process: 'process.json',
  meta: 'meta.json',
  log: 'log.txt',
  records: 'records.jsonl',
  judgements: 'judgements.jsonl',
  rubric: 'rubric.jsonl',
  candidates: 'candidates.json',
  result: 'result.json',
  output: 'output',
  cache: 'metrics-cache',
} as const;

/** Where runs lie, relative to the workspace folder. */
export const RUNS_FOLDER = '.tunebook/runs';

/** The newest run directory layout this version writes and reads; a higher number is shown as "made by a newer Tunebook". */
export const RUN_FORMAT_VERSION = 1;

/** What a run directory is of: a training run, an evaluation, or a sweep, whose runs name it as their parent. All have the same life. */
export type RunKind = 'run' | 'evaluate' | 'sweep';

/** A file that went into a run, so that one can tell later whether it is still the same. */
export interface FileFingerprint {
  path: string;
  bytes: number;
  sha256: string;
}

export interface DatasetFingerprint {
  name: string;
  split: string;
  rows: number;
  files: FileFingerprint[];
}

/** The device a run is computed on. */
export interface DeviceInfo {
  /** `cpu`, `webgpu`, … : what `target: { local: { device } }` takes. */
  device: string;
  /** What a person would call it: `AMD EPYC 9454, 2 threads`. */
  description: string;
  /** Why this one was taken. */
  reason: string;
  threads?: number;
}

/** `run.json`: written once, before anything is computed. */
export interface RunManifest {
  formatVersion: number;
  id: string;
  kind: RunKind;
  name: string;
  createdAt: string;
  /** The document's file, relative to the workspace folder where it lies inside it. */
  file: string;
  /** The resolved document, with `${env.NAME}` left unexpanded. */
  config: unknown;
  /** What of `config` and of the paths below comes from the environment; absent where nothing does. */
  environment?: RunEnvironment;
  /** sha256 of the canonical JSON of `config` as it stands here, with `${env.NAME}` unexpanded: it tells nothing of the values. */
  configHash: string;
  datasets: DatasetFingerprint[];
  model?: { base: string; revision?: string; files: FileFingerprint[] };
  git?: { commit: string; dirty: boolean };
  versions: { tunebook: string; onnxruntime: string; node: string };
  device?: DeviceInfo;
  seed?: number;
  parent?: RunParent;
}

/** Where a run comes from: a sweep, a checkpoint (step 0: the beginning) of another run, or the config of another with changes. */
export interface RunParent {
  id: string;
  as: 'sweep' | 'restart' | 'duplicate';
  /** Of a restart. */
  step?: number;
  /** Of a sweep: which of its runs, from 0, and the values of the fields that it varies, as `train.learning_rate`. */
  trial?: number;
  values?: Record<string, unknown>;
}

/** `meta.json`: what a person says of a run. The only file of a run directory that changes after its end. */
export interface RunMeta {
  /** What the run is called instead of its document's name. */
  name?: string;
  /** Stands before the others in lists. */
  pinned?: boolean;
  notes?: string;
  tags?: string[];
}

/** `process.json`: rewritten at every heartbeat while the process lives. */
export interface RunProcess {
  pid: number;
  /** When the process started, to tell it from another that got the same pid. Clock ticks since boot where /proc has it, else ms since the epoch. */
  startTime: number;
  /** The machine (and on Linux the pid namespace) that `pid` counts in; elsewhere only the heartbeat can tell. */
  host?: string;
  /** Identifies the boot of that machine: after a reboot a pid means nothing. */
  boot?: string;
  heartbeat: string;
  /** Bytes of the machine's memory, or of what a container may take of it, that were in use then. */
  memory?: { used: number; total: number };
  /** Path of the control socket (a named pipe on Windows). */
  controlSocket?: string;
}

/** What is asked of a running process over its control socket: one JSON object a line, answered by one a line. */
export type ControlRequest = { method: 'stop' | 'pause' | 'continue' | 'ping' };
export type ControlResponse = { ok: true; state: RunState } | { ok: false; error: string };

/** A run as the tree and the tables show it: `run.json` and the fold of its events. */
export interface RunSummary {
  id: string;
  dir: string;
  kind: RunKind;
  /** The name of the document. */
  name: string;
  createdAt: string;
  file: string;
  state: RunState;
  meta?: RunMeta;
  /** The run that this one was restarted or copied from, or the sweep that it belongs to. */
  parent?: RunParent;
  reason?: string;
  /** Set when `run.json` cannot be read or is of a newer format; the other fields are then the best that is known. */
  problem?: string;
  progress?: { phase: string; done: number; total: number; rate?: number; secondsLeft?: number };
  /** The last value of every metric. */
  metrics: Record<string, WireNumber>;
  /** What its process last took of its machine: see `SystemEvent`. */
  system?: Record<string, WireNumber>;
  step: number;
  epoch: number;
  device?: DeviceInfo;
  warnings: number;
  error?: { code: string; message: string; hint?: string };
  checkpoint?: { step: number; path: string };
  finishedAt?: string;
}
