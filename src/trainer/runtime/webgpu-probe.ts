import { existsSync, readdirSync } from 'node:fs';
import { platform } from 'node:os';
import { Tensor } from 'onnxruntime-node';
import { encodeModel } from '../graph/encode.ts';
import { Graph, WEBGPU_LOWERING } from '../graph/graph.ts';
import { createSession } from './session.ts';

/** A WebGPU adapter that computed a product rightly. */
export interface WebGpuDevice {
  readonly device: 'webgpu';
  readonly description: string;
  /** A software device computes on the CPU, many times slower than the CPU provider. */
  readonly software: boolean;
}

/** What the search found: a device, or a sentence that says why there is none. */
type Finding = WebGpuDevice | string;

let finding: Promise<Finding> | undefined;

/** The WebGPU adapter of this machine, if there is one that works. Looked for once a process. */
export async function findWebGpu(): Promise<WebGpuDevice | undefined> {
  const found = await (finding ??= probe());
  return typeof found === 'string' ? undefined : found;
}

/** Why there is no WebGPU device, as a sentence for people; undefined where there is one. */
export async function webGpuProblem(): Promise<string | undefined> {
  const found = await (finding ??= probe());
  return typeof found === 'string' ? found : undefined;
}

async function probe(): Promise<Finding> {
  if (!mayHaveAdapter())
    return 'This machine shows no GPU: there is no /dev/dri/renderD* and no /dev/nvidia0.';
  const size = 256;
  const graph = new Graph(WEBGPU_LOWERING);
  const x = graph.input('x', [size, size]);
  graph.output('y', graph.single('MatMul', [x, x], {}, [size, size]));
  try {
    const session = await createSession(encodeModel(graph), { device: 'webgpu' });
    const ones = new Tensor('float32', new Float32Array(size * size).fill(1), [size, size]);
    const { y } = await session.run({ x: ones });
    await session.release();
    if (y?.data[0] !== size)
      return 'A GPU was found, but it multiplied two matrices wrongly: its driver has a fault.';
  } catch (error) {
    // No adapter: the machine has a driver folder but no GPU behind it.
    const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
    return `No GPU could be opened: ${reason}`;
  }
  const software = isSoftware();
  return { device: 'webgpu', description: software ? 'WebGPU on a software device' : 'WebGPU', software };
}

/** Asking for an adapter where there is none takes time and prints a warning, so Linux is looked at first. */
function mayHaveAdapter(): boolean {
  if (platform() !== 'linux') return true;
  if (driverFiles() !== undefined) return true;
  const devices = existsSync('/dev/dri') ? readdirSync('/dev/dri') : [];
  return (
    devices.some((name) => name.startsWith('renderD')) || existsSync('/dev/nvidia0') || existsSync('/dev/dxg')
  );
}

/** onnxruntime does not tell the adapter's name; a software driver is known by the file that names it. */
function isSoftware(): boolean {
  return /swiftshader|lvp_icd|llvmpipe/i.test(driverFiles() ?? '');
}

function driverFiles(): string | undefined {
  return process.env['VK_ICD_FILENAMES'] ?? process.env['VK_DRIVER_FILES'];
}
