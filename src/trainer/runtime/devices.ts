import { availableParallelism, cpus } from 'node:os';
import type { ResolvedRun } from '../../language/resolved.ts';
import { TunebookError } from '../../protocol/error.ts';
import type { DeviceFacts } from '../../protocol/inspect.ts';
import type { DeviceInfo } from '../../protocol/run.ts';
import { askDevice } from './ask-device.ts';
import type { Precision } from './compare-with-cpu.ts';
import { deviceVerdict, keptVerdict, type DeviceVerdict } from './device-verdict.ts';
import {
  ACCELERATORS,
  certainProblem,
  isAccelerator,
  type Accelerator,
  type FoundDevice,
  type Trial,
} from './try-device.ts';

/** A device of {@link listDevices}: what it is, or why it cannot be used. */
export interface ListedDevice {
  readonly device: string;
  readonly available: boolean;
  readonly description: string;
}

const trials = new Map<Accelerator, Promise<Trial>>();

/** Whether a device is there and works, or why not: tried in a process of its own, once for each process that asks. */
export function findDevice(device: Accelerator): Promise<Trial> {
  const known = trials.get(device) ?? tryOnce(device);
  trials.set(device, known);
  return known;
}

async function tryOnce(device: Accelerator): Promise<Trial> {
  const certain = certainProblem(device);
  if (certain !== undefined) return { device, problem: certain };
  const answer = await askDevice(device, 'try');
  if (typeof answer === 'string') return { device, problem: answer };
  return answer.type === 'trial' ? answer.trial : { device, problem: 'It gave no answer.' };
}

/**
 * Every device that a config may name, the CPU last: what it is, or exactly why it cannot be used. A device is called available when it was
 * found to work, not when a library says it might; of its results this says what an earlier comparison found.
 */
export async function listDevices(): Promise<ListedDevice[]> {
  const found = await Promise.all(ACCELERATORS.map(findDevice));
  const { device, description } = cpuDevice('it is always there');
  return [...found.map(listed), { device, description, available: true }];
}

function listed(trial: Trial): ListedDevice {
  const { device } = trial;
  if ('problem' in trial) return { device, available: false, description: trial.problem };
  const verdict = keptVerdict(trial, 'float32');
  const half = trial.noFloat16 === undefined ? 'float16 too' : 'no float16';
  const description = `${trial.description}, ${half}; ${whatIsKnown(verdict)}`;
  return { device, available: verdict?.agrees !== false, description };
}

/** What the language asks of a device; of `auto` it tells the device that a run would take, if its results are right. */
export async function deviceFacts(requested: string): Promise<DeviceFacts> {
  for (const device of requested === 'auto' ? ACCELERATORS : [requested].filter(isAccelerator)) {
    const trial = await findDevice(device);
    if ('problem' in trial) {
      if (requested !== 'auto') return trial;
    } else if (requested !== 'auto' || !trial.software) {
      const { noFloat16 } = trial;
      return { device, ...(noFloat16 === undefined ? {} : { noFloat16 }) };
    }
  }
  return { device: 'cpu' };
}

/**
 * The device for `target: { local: { device, threads } }`. `auto` takes the first of {@link ACCELERATORS} that is there and right, unless it is
 * a software one. Before the first run on a device its results are compared with the CPU's, which takes some seconds.
 * @throws TunebookError `device/not-found` with the reason and what there is, `device/wrong-results`, `device/failed`
 */
export async function chooseDevice(requested: string, wanted: Wanted = {}): Promise<DeviceInfo> {
  return await decideDevice(requested, findDevice, deviceVerdict, wanted);
}

/** Whether the results of a device are right, with products in float32 or in float16. */
type VerdictOf = (found: FoundDevice, precision: Precision) => Promise<DeviceVerdict>;

/** A run in float16 computes its evaluations in float32. */
function precisionsOf({ float16 }: Wanted): readonly Precision[] {
  return float16 ? ['float32', 'float16'] : ['float32'];
}

/** What a run wants of its device. */
export interface Wanted {
  /** Threads of the processor. */
  readonly threads?: number | undefined;
  /** That it multiplies float16. */
  readonly float16?: boolean;
}

/**
 * The device of a run: that of its target, but for weights in 4 bits, which `auto` leaves to the processor.
 * @throws TunebookError as {@link chooseDevice}
 */
export async function chooseDeviceOf({
  target,
  method,
  train,
}: Pick<ResolvedRun, 'target' | 'method' | 'train'>): Promise<DeviceInfo> {
  const { device, threads } = target.local;
  return method.quantization && device === 'auto'
    ? cpuDevice('weights in 4 bits are computed on the processor', threads)
    : chooseDevice(device, { threads, float16: train.fp16 });
}

/** {@link chooseDevice} for given ways to find a device and to know whether its results are right. */
export async function decideDevice(
  requested: string,
  find: (device: Accelerator) => Promise<Trial>,
  verdictOf: VerdictOf,
  wanted: Wanted = {},
): Promise<DeviceInfo> {
  const { threads, float16 = false } = wanted;
  if (requested === 'cpu') return cpuDevice('the config asks for it', threads);
  if (requested === 'auto') return await bestDevice(find, verdictOf, wanted);
  if (!isAccelerator(requested)) throw notFound(requested, 'No such device is known.', await available(find));
  const trial = await find(requested);
  if ('problem' in trial) throw notFound(requested, trial.problem, await available(find));
  if (float16 && trial.noFloat16 !== undefined) throw noFloat16(requested, trial.noFloat16);
  for (const precision of precisionsOf(wanted)) {
    const verdict = await verdictOf(trial, precision);
    if (!verdict.agrees) throw wrongResults(trial, verdict, precision);
  }
  return describe(trial, 'the config asks for it');
}

/** The first device that is no software one and computes rightly; the CPU, with the obstacles, where there is none. */
async function bestDevice(
  find: (device: Accelerator) => Promise<Trial>,
  verdictOf: VerdictOf,
  { threads, float16 = false }: Wanted,
): Promise<DeviceInfo> {
  const obstacles: string[] = [];
  for (const device of ACCELERATORS) {
    const trial = await find(device);
    if ('problem' in trial) continue;
    const obstacle = trial.software
      ? 'it is a slow software one'
      : float16 && trial.noFloat16 !== undefined
        ? 'it multiplies no float16'
        : await obstacleOf(trial, verdictOf, precisionsOf({ float16 }));
    if (obstacle === undefined) return describe(trial, 'a GPU was found');
    obstacles.push(`${device} was found, but ${obstacle}`);
  }
  return cpuDevice(obstacles.join('; ') || 'no GPU was found', threads);
}

/** Why `auto` does not take a GPU, or undefined when it can. */
async function obstacleOf(
  found: FoundDevice,
  verdictOf: VerdictOf,
  precisions: readonly Precision[],
): Promise<string | undefined> {
  try {
    for (const precision of precisions) {
      const verdict = await verdictOf(found, precision);
      if (!verdict.agrees) return `${precision === 'float16' ? 'in float16 ' : ''}${whatIsKnown(verdict)}`;
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof TunebookError)) throw error;
    return `it could not run a test step: ${error.message}`;
  }
}

async function available(find: (device: Accelerator) => Promise<Trial>): Promise<string> {
  const trials = await Promise.all(ACCELERATORS.map(find));
  return [...trials.filter((trial) => !('problem' in trial)).map(({ device }) => device), 'cpu'].join(', ');
}

function notFound(requested: string, reason: string, there: string): TunebookError {
  return new TunebookError(
    'device/not-found',
    `The device "${requested}" cannot be used on this machine. ${reason}`,
    {
      hint: `This machine has: ${there}. Set target: { local: { device: auto } } to take the best of them; docs/devices.md says what each device needs.`,
    },
  );
}

function whatIsKnown(verdict: DeviceVerdict | undefined): string {
  if (!verdict) return 'its results are compared with those of the CPU before its first run';
  if (verdict.agrees) return 'its results equal those of the CPU';
  return `its results differ from those of the CPU (${verdict.of} by ${verdict.deviation.toPrecision(2)}; see ${verdict.file})`;
}

function noFloat16(requested: string, reason: string): TunebookError {
  return new TunebookError(
    'device/no-float16',
    `The device "${requested}" cannot multiply float16 matrices, which fp16 asks for. ${reason}`,
    { hint: 'Remove fp16, or set target: { local: { device: auto } }.' },
  );
}

function wrongResults(
  gpu: FoundDevice,
  { of, deviation, checkedAt, file }: DeviceVerdict,
  precision: Precision,
): TunebookError {
  const isHalf = precision === 'float16';
  return new TunebookError(
    'device/wrong-results',
    `The device "${gpu.device}" (${gpu.description}) computes other results than the CPU${isHalf ? ' in float16' : ''}: in a test step on ${checkedAt.slice(0, 10)} the ${of} differed by ${deviation.toPrecision(2)} of itself.`,
    {
      hint: `${isHalf ? 'Remove fp16' : 'Set target: { local: { device: cpu } }'}, or update the graphics driver and delete ${file} to compare again.`,
    },
  );
}

function describe({ device, description }: FoundDevice, reason: string): DeviceInfo {
  return { device, description, reason };
}

function cpuDevice(reason: string, threads?: number): DeviceInfo {
  const count = threads ?? availableParallelism();
  const model = cpus()[0]?.model.trim();
  const name = model && model !== 'unknown' ? model : 'CPU';
  return {
    device: 'cpu',
    description: `${name}, ${count} thread${count === 1 ? '' : 's'}`,
    reason,
    threads: count,
  };
}
