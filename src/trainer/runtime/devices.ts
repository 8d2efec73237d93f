import { availableParallelism, cpus } from 'node:os';
import type { ResolvedRun } from '../../language/resolved.ts';
import { TunebookError } from '../../protocol/error.ts';
import type { DeviceInfo } from '../../protocol/run.ts';
import { deviceVerdict, keptVerdict, type DeviceVerdict } from './device-verdict.ts';
import { findWebGpu, type WebGpuDevice } from './webgpu-probe.ts';

/**
 * The devices that this machine can train on, the CPU last. A device is listed when it was found to work, not when a
 * library says it might; of its results this says what an earlier comparison found.
 */
export async function listDevices(): Promise<DeviceInfo[]> {
  const gpu = await findWebGpu();
  const cpu = cpuDevice('it is always there');
  return gpu ? [describe(gpu, `it was found; ${whatIsKnown(keptVerdict(gpu))}`), cpu] : [cpu];
}

/**
 * The device for `target: { local: { device, threads } }`. `auto` takes a GPU unless it is a software one. Before the
 * first run on a GPU its results are compared with the CPU's, which takes some seconds.
 * @throws TunebookError `device/not-found` with what there is, `device/wrong-results`, `device/failed`
 */
export async function chooseDevice(requested: string, threads?: number): Promise<DeviceInfo> {
  if (requested === 'cpu') return cpuDevice('the config asks for it', threads);
  return await decideDevice(requested, await findWebGpu(), deviceVerdict, threads);
}

/**
 * The device of a run: that of its target, but for weights in 4 bits, which `auto` leaves to the processor.
 * @throws TunebookError as {@link chooseDevice}
 */
export async function chooseDeviceOf({
  target,
  method,
}: Pick<ResolvedRun, 'target' | 'method'>): Promise<DeviceInfo> {
  const { device, threads } = target.local;
  return method.quantization && device === 'auto'
    ? cpuDevice('weights in 4 bits are computed on the processor', threads)
    : chooseDevice(device, threads);
}

/** {@link chooseDevice} for a given GPU, or for none, and a given way to know whether its results are right. */
export async function decideDevice(
  requested: string,
  gpu: WebGpuDevice | undefined,
  verdictOf: (gpu: WebGpuDevice) => Promise<DeviceVerdict>,
  threads?: number,
): Promise<DeviceInfo> {
  if (requested === 'auto') {
    if (!gpu) return cpuDevice('no GPU was found', threads);
    if (gpu.software) return cpuDevice('the only GPU found is a slow software one', threads);
    const obstacle = await obstacleOf(gpu, verdictOf);
    return obstacle === undefined ? describe(gpu, 'a GPU was found') : cpuDevice(obstacle, threads);
  }
  if (requested === 'webgpu' && gpu) {
    const verdict = await verdictOf(gpu);
    if (!verdict.agrees) throw wrongResults(gpu, verdict);
    return describe(gpu, 'the config asks for it');
  }
  const known = [...(gpu ? [gpu.device] : []), 'cpu'].join(', ');
  throw new TunebookError('device/not-found', `The device "${requested}" is not there on this machine.`, {
    hint: `This machine has: ${known}. Set target: { local: { device: auto } } to take the best of them.`,
  });
}

/** Why `auto` does not take a GPU, or undefined when it can. */
async function obstacleOf(
  gpu: WebGpuDevice,
  verdictOf: (gpu: WebGpuDevice) => Promise<DeviceVerdict>,
): Promise<string | undefined> {
  try {
    const verdict = await verdictOf(gpu);
    return verdict.agrees ? undefined : `a GPU was found, but ${whatIsKnown(verdict)}`;
  } catch (error) {
    if (!(error instanceof TunebookError)) throw error;
    return `a GPU was found, but it could not run a test step: ${error.message}`;
  }
}

function whatIsKnown(verdict: DeviceVerdict | undefined): string {
  if (!verdict) return 'its results are compared with those of the CPU before its first run';
  if (verdict.agrees) return 'its results equal those of the CPU';
  return `its results differ from those of the CPU (${verdict.of} by ${verdict.deviation.toPrecision(2)}; see ${verdict.file})`;
}

function wrongResults(gpu: WebGpuDevice, { of, deviation, checkedAt, file }: DeviceVerdict): TunebookError {
  return new TunebookError(
    'device/wrong-results',
    `The device "${gpu.device}" (${gpu.description}) computes other results than the CPU: in a test step on ${checkedAt.slice(0, 10)} the ${of} differed by ${deviation.toPrecision(2)} of itself.`,
    {
      hint: `Set target: { local: { device: cpu } }, or update the graphics driver and delete ${file} to compare again.`,
    },
  );
}

function describe({ device, description }: WebGpuDevice, reason: string): DeviceInfo {
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
