import { existsSync, readdirSync } from 'node:fs';
import { InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node';
import { encodeModel } from '../graph/encode.ts';
import { Graph, WEBGPU_LOWERING } from '../graph/graph.ts';
import { cast } from '../graph/ops/shape.ts';
import { versions } from '../launch/versions.ts';
import { executionProvider } from './session.ts';

/** The devices beside the processor, by the names of onnxruntime's execution providers, in the order in which `auto` takes them. */
export const ACCELERATORS = ['webgpu', 'cuda', 'dml', 'coreml'] as const;
export type Accelerator = (typeof ACCELERATORS)[number];

/** What people call them. */
export const DEVICE_TITLES: Readonly<Record<Accelerator, string>> = {
  webgpu: 'WebGPU',
  cuda: 'CUDA',
  dml: 'DirectML',
  coreml: 'CoreML',
};

/** A device that computed a product rightly. */
export interface FoundDevice {
  readonly device: Accelerator;
  readonly description: string;
  /** A software device computes on the processor, many times slower than the CPU provider. */
  readonly software: boolean;
  /** Why it cannot multiply float16 matrices, as a sentence; absent where it can. */
  readonly noFloat16?: string;
}

/** What a trial found: a device, or a sentence that says why there is none. */
export type Trial = FoundDevice | { readonly device: Accelerator; readonly problem: string };

/** Rows and columns of the matrices that a trial multiplies. */
const SIZE = 256;

/** Whether a name is that of a device beside the processor. */
export function isAccelerator(name: string): name is Accelerator {
  return ACCELERATORS.some((device) => device === name);
}

/**
 * Why there is certainly no such device on this machine, as a sentence; undefined where it must be tried. Looks at files only: asking a driver
 * that is not there takes time and prints warnings.
 */
export function certainProblem(device: Accelerator): string | undefined {
  const { platform, arch } = process;
  const title = DEVICE_TITLES[device];
  const elsewhere = (where: string) =>
    `onnxruntime ${versions().onnxruntime} has no ${title} for ${platform} ${arch}: ${title} is there on ${where} only.`;
  if (device === 'dml') return platform === 'win32' ? undefined : elsewhere('Windows');
  if (device === 'coreml')
    return platform === 'darwin' && arch === 'arm64' ? undefined : elsewhere('Macs with Apple silicon');
  if (device === 'cuda' && !(platform === 'linux' && arch === 'x64')) return elsewhere('Linux x64');
  if (platform !== 'linux' || existsSync('/dev/dxg') || existsSync('/dev/nvidia0')) return undefined;
  if (device === 'cuda') return 'This machine shows no NVIDIA driver: there is no /dev/nvidia0.';
  if (driverFiles() !== undefined) return undefined;
  const cards = existsSync('/dev/dri') ? readdirSync('/dev/dri') : [];
  return cards.some((name) => name.startsWith('renderD'))
    ? undefined
    : 'This machine shows no GPU: there is no /dev/dri/renderD* and no /dev/nvidia0.';
}

/**
 * Multiplies two matrices on a device, in float32 and in float16, and says what came of it. A driver that is broken may end the process:
 * call it in one that may end.
 */
export async function tryDevice(device: Accelerator): Promise<Trial> {
  const backends = listSupportedBackends().map(({ name }) => name);
  if (!backends.includes(device))
    return { device, problem: `This build of onnxruntime has ${backends.join(', ')}, but not ${device}.` };
  const problem = await multiply(device, 'float32');
  if (problem !== undefined) return { device, problem };
  const software = device === 'webgpu' && isSoftware();
  const title = DEVICE_TITLES[device];
  const noFloat16 = await multiply(device, 'float16');
  return {
    device,
    description: software ? `${title} on a software device` : title,
    software,
    ...(noFloat16 === undefined ? {} : { noFloat16 }),
  };
}

/** Undefined where the product is right. */
async function multiply(device: Accelerator, dtype: 'float32' | 'float16'): Promise<string | undefined> {
  const graph = new Graph(WEBGPU_LOWERING);
  const x = cast(graph, graph.input('x', [SIZE, SIZE]), dtype);
  const product = graph.single('MatMul', [x, x], {}, [SIZE, SIZE], dtype);
  graph.output('y', cast(graph, product, 'float32'));
  try {
    const session = await InferenceSession.create(encodeModel(graph), {
      executionProviders: [executionProvider(device)],
      logSeverityLevel: 3,
      // What the device does not take must not be computed by the processor in its name.
      extra: { session: { disable_cpu_ep_fallback: '1' } },
    });
    const ones = new Tensor('float32', new Float32Array(SIZE * SIZE).fill(1), [SIZE, SIZE]);
    const { y } = await session.run({ x: ones });
    await session.release();
    if (y?.data[0] === SIZE) return undefined;
    return `It multiplied two ${dtype} matrices wrongly: its driver has a fault.`;
  } catch (error) {
    const reason = firstSentence(error);
    return dtype === 'float32' ? `It could not be opened: ${reason}` : reason;
  }
}

/** What onnxruntime says of an error, without the place in its source. */
function firstSentence(error: unknown): string {
  const line = (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
  return line
    .replace(/^\/\S+:\d+ .*? was false\. /, '')
    .replace(/^.*Status Message: (\S+:\d+ \S+ )?/, '')
    .trim();
}

/** onnxruntime does not tell the adapter's name; a software driver is known by the file that names it. */
function isSoftware(): boolean {
  return /swiftshader|lvp_icd|llvmpipe/i.test(driverFiles() ?? '');
}

function driverFiles(): string | undefined {
  return process.env['VK_ICD_FILENAMES'] ?? process.env['VK_DRIVER_FILES'];
}
