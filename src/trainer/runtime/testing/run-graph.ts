import { Tensor as OrtTensor } from 'onnxruntime-node';
import { encodeModel } from '../../graph/encode.ts';
import { CPU_LOWERING, Graph, WEBGPU_LOWERING, type Tensor } from '../../graph/graph.ts';
import { toTensors, type Feeds } from '../feeds.ts';
import { createSession } from '../session.ts';

/** Builds a graph, runs it once on the CPU or on WebGPU, and gives back its results, float32 or int32, by name. */
export async function runGraph(
  build: (g: Graph) => Readonly<Record<string, Tensor>>,
  feeds: Feeds,
  device: 'cpu' | 'webgpu' = 'cpu',
): Promise<Record<string, number[]>> {
  const graph = new Graph(device === 'cpu' ? CPU_LOWERING : WEBGPU_LOWERING);
  for (const [name, tensor] of Object.entries(build(graph))) graph.output(name, tensor);
  const session = await createSession(encodeModel(graph), { device });
  const outputs = await session.run(toTensors(feeds));
  await session.release();
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => {
      if (!(value instanceof OrtTensor) || !isNumbers(value.data))
        throw new Error(`${name} is neither float32 nor int32`);
      return [name, [...value.data]];
    }),
  );
}

function isNumbers(data: unknown): data is Float32Array | Int32Array {
  return data instanceof Float32Array || data instanceof Int32Array;
}

/** A feed of float32 numbers. */
export function float32(values: readonly number[], dims: readonly number[]): Feeds[string] {
  return { data: Float32Array.from(values), dims };
}

/** A feed of int32 numbers. */
export function int32(values: readonly number[], dims: readonly number[]): Feeds[string] {
  return { data: Int32Array.from(values), dims };
}
