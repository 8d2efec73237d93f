import { availableParallelism, cpus } from 'node:os';
import { TunebookError } from '../../protocol/error.ts';
import type { DeviceInfo } from '../../protocol/run.ts';
import { findWebGpu } from './webgpu-probe.ts';

/**
 * The devices that this machine can train on, the CPU last. A device is listed when it was found to work, not when a
 * library says it might.
 */
export async function listDevices(): Promise<DeviceInfo[]> {
  const gpu = await findWebGpu();
  return [...(gpu ? [{ ...gpu, reason: 'it was found' }] : []), cpuDevice('it is always there')];
}

/**
 * The device for `target: { local: { device, threads } }`. `auto` takes a GPU unless it is a software one.
 * @throws TunebookError `device/not-found` with what there is
 */
export async function chooseDevice(requested: string, threads?: number): Promise<DeviceInfo> {
  if (requested === 'cpu') return cpuDevice('the config asks for it', threads);
  const gpu = await findWebGpu();
  if (requested === 'auto') {
    if (gpu && !gpu.software)
      return { device: gpu.device, description: gpu.description, reason: 'a GPU was found' };
    return cpuDevice(gpu ? 'the only GPU found is a slow software one' : 'no GPU was found', threads);
  }
  if (requested === 'webgpu' && gpu) {
    return { device: gpu.device, description: gpu.description, reason: 'the config asks for it' };
  }
  const known = (await listDevices()).map(({ device }) => device).join(', ');
  throw new TunebookError('device/not-found', `The device "${requested}" is not there on this machine.`, {
    hint: `This machine has: ${known}. Set target: { local: { device: auto } } to take the best of them.`,
  });
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
