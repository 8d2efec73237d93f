import { execFile } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';
import { DeviceQueue } from './device-queue.ts';
import { machineMemory, type MachineMemory } from './machine-memory.ts';

/** What `nvidia-smi` is given to answer, in milliseconds: where nobody uses the cards it wakes their driver first. */
const PATIENCE = 30_000;

/** A device of this machine, and what goes on there. Sizes are bytes. */
export interface DeviceUse {
  device: string;
  description: string;
  memory: MachineMemory;
  /** Ids of the run that computes there and of those that wait, next one first. */
  running?: string;
  waiting: string[];
}

/** The processor with the machine's memory, every GPU that nvidia-smi tells of, and every device that some run waits for. */
export async function listDeviceUse(): Promise<DeviceUse[]> {
  const description = `${cpus()[0]?.model.trim() ?? 'processor'}, ${availableParallelism()} threads`;
  const cpu = { device: 'cpu', description, memory: machineMemory(), ...occupation('cpu') };
  const gpus = (await nvidiaSmi()).map((gpu) => ({ device: 'webgpu', ...gpu, ...occupation('webgpu') }));
  const others = DeviceQueue.known()
    .filter((device) => device !== 'cpu' && gpus.length === 0)
    .map((device) => ({ device, description: '', memory: { used: 0, total: 0 }, ...occupation(device) }))
    .filter(({ running, waiting }) => running !== undefined || waiting.length > 0);
  return [cpu, ...gpus, ...others];
}

function occupation(device: string): Pick<DeviceUse, 'running' | 'waiting'> {
  const queue = new DeviceQueue(device);
  const running = queue.lock.holder()?.run;
  return { ...(running === undefined ? {} : { running }), waiting: queue.waiting().map(({ run }) => run) };
}

/** Empty where there is no NVIDIA driver. */
function nvidiaSmi(): Promise<Pick<DeviceUse, 'description' | 'memory'>[]> {
  const args = ['--query-gpu=name,memory.used,memory.total', '--format=csv,noheader,nounits'];
  return new Promise((resolve) => {
    execFile('nvidia-smi', args, { timeout: PATIENCE }, (error, stdout) =>
      resolve(error ? [] : readNvidiaSmi(stdout)),
    );
  });
}

/** The lines `NAME, USED, TOTAL` that nvidia-smi prints, in MiB; a line of another form is left out. */
export function readNvidiaSmi(text: string): Pick<DeviceUse, 'description' | 'memory'>[] {
  return text.split('\n').flatMap((line) => {
    const [, name, used, total] = /^(.+), *(\d+), *(\d+)\s*$/.exec(line) ?? [];
    if (name === undefined) return [];
    return { description: name, memory: { used: Number(used) * 2 ** 20, total: Number(total) * 2 ** 20 } };
  });
}
