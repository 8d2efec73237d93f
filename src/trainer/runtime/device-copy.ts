import { Tensor, type InferenceSession } from 'onnxruntime-node';
import { encodeModel } from '../graph/encode.ts';
import { Graph, WEBGPU_LOWERING } from '../graph/graph.ts';
import { createSession } from './session.ts';

/** What is moved. */
interface Copied {
  readonly name: string;
  readonly shape: readonly number[];
}

/**
 * Moves float32 tensors between the host and a WebGPU device. onnxruntime for Node has no call for
 * it, but a session whose outputs stay on the device uploads, and one whose outputs do not downloads.
 */
export class DeviceCopy {
  readonly #copied: readonly Copied[];
  readonly #up: InferenceSession;
  readonly #down: InferenceSession;

  private constructor(parameters: readonly Copied[], up: InferenceSession, down: InferenceSession) {
    this.#copied = parameters;
    this.#up = up;
    this.#down = down;
  }

  static async create(parameters: readonly Copied[]): Promise<DeviceCopy> {
    const graph = new Graph(WEBGPU_LOWERING);
    for (const { name, shape } of parameters) {
      const x = graph.input(name, shape);
      // A plain copy would hand the input back as it is; a product is computed on the device.
      graph.output(`copy:${name}`, graph.single('Mul', [x, graph.scalar(1)], {}, shape));
    }
    const model = encodeModel(graph);
    const keepOnDevice = graph.outputs.map(({ name }) => name);
    return new DeviceCopy(
      parameters,
      await createSession(model, { device: 'webgpu', keepOnDevice, optimize: false }),
      await createSession(model, { device: 'webgpu', optimize: false }),
    );
  }

  /** Tensors on the device with the values that `valueOf` gives, by name. */
  async upload(valueOf: (parameter: Copied) => Float32Array): Promise<Record<string, Tensor>> {
    const inputs = this.#copied.map((p) => [p.name, new Tensor('float32', valueOf(p), p.shape)] as const);
    return this.#byName(await this.#up.run(Object.fromEntries(inputs)));
  }

  /** New arrays on the host with the values of tensors on the device, by name. */
  async download(tensors: Readonly<Record<string, Tensor>>): Promise<Map<string, Float32Array>> {
    const copies = this.#byName(await this.#down.run({ ...tensors }));
    // SAFETY: the graph declares its outputs as float32, and they lie on the host.
    return new Map(Object.entries(copies).map(([name, tensor]) => [name, tensor.data as Float32Array]));
  }

  async dispose(): Promise<void> {
    await this.#up.release();
    await this.#down.release();
  }

  #byName(outputs: InferenceSession.ReturnType): Record<string, Tensor> {
    // SAFETY: every output of the graph is a dense tensor.
    return Object.fromEntries(this.#copied.map(({ name }) => [name, outputs[`copy:${name}`] as Tensor]));
  }
}
