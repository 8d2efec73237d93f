import { Tensor as OrtTensor, type InferenceSession } from 'onnxruntime-node';
import { backward } from '../../graph/backward.ts';
import { encodeModel } from '../../graph/encode.ts';
import { CPU_LOWERING, Graph, WEBGPU_LOWERING, type Tensor } from '../../graph/graph.ts';
import { add, mul } from '../../graph/ops/elementwise.ts';
import { reduceSum } from '../../graph/ops/broadcast.ts';
import { addRows } from '../../graph/ops/gather.ts';
import type { OpCase, OpInput } from '../../graph/ops/testing/op-case.ts';
import { resolveShape } from '../../graph/shape.ts';
import { Random } from '../../random.ts';
import { createSession } from '../session.ts';

/** A graph that remembers every tensor that its nodes make. */
class RecordingGraph extends Graph {
  readonly made: Tensor[] = [];

  override node(...args: Parameters<Graph['node']>): Tensor[] {
    const results = super.node(...args);
    this.made.push(...results);
    return results;
  }
}

/** What a node was said to make, and what onnxruntime made. */
export interface NodeShape {
  readonly op: string;
  readonly inferred: readonly number[];
  readonly actual: readonly number[];
  readonly inferredType: string;
  readonly actualType: string;
}

export interface CaseOptions {
  readonly device?: 'cpu' | 'webgpu';
  /** Make every node an output, so that its shape can be seen; onnxruntime then may not rewrite the graph. */
  readonly everyNode?: boolean;
}

/**
 * A case as a session: its operator `y = f(inputs)`, the loss `Σ y · c` for random numbers `c`, and the loss's gradient
 * for every input that has one.
 */
export class RunningCase {
  readonly #case: OpCase;
  readonly #session: InferenceSession;
  readonly #graph: RecordingGraph;
  readonly #y: Tensor;
  readonly #feeds: Record<string, OrtTensor>;
  /** The weights of the loss, `c`. */
  readonly weights: Float32Array;

  private constructor(
    opCase: OpCase,
    session: InferenceSession,
    graph: RecordingGraph,
    y: Tensor,
    feeds: Record<string, OrtTensor>,
    weights: Float32Array,
  ) {
    this.#case = opCase;
    this.#session = session;
    this.#graph = graph;
    this.#y = y;
    this.#feeds = feeds;
    this.weights = weights;
  }

  static async create(opCase: OpCase, options: CaseOptions = {}): Promise<RunningCase> {
    const { device = 'cpu', everyNode = false } = options;
    const graph = new RecordingGraph(device === 'cpu' ? CPU_LOWERING : WEBGPU_LOWERING);
    const inputs = Object.fromEntries(
      Object.entries(opCase.inputs).map(([name, { shape, dtype }]) => [
        name,
        graph.input(name, shape, dtype),
      ]),
    );
    const built = opCase.build(graph, inputs);
    const c = graph.input('c', built.shape);
    const weighted = mul(graph, built, c);
    const loss = built.shape.length === 0 ? weighted : reduceSum(graph, weighted, [...built.shape.keys()]);
    const wrt = differentiated(opCase).map(([name]) => inputs[name]!);
    for (const [input, { dense, rows }] of backward(graph, loss, wrt)) {
      const parts = [
        ...(dense ? [dense] : []),
        ...rows.map((r) => addRows(graph, r, Number(input.shape[0]))),
      ];
      if (parts.length > 0)
        graph.output(
          `gradient:${input.name}`,
          parts.reduce((a, b) => add(graph, a, b)),
        );
    }
    const y = graph.output('y', built);
    if (everyNode) for (const made of graph.made) if (!graph.outputs.includes(made)) graph.outputs.push(made);

    const session = await createSession(encodeModel(graph), { device, optimize: !everyNode });
    const weights = normals(resolveShape(built.shape, opCase.sizes));
    const feeds: Record<string, OrtTensor> = {};
    for (const { name, shape } of graph.inputs) {
      const dims = resolveShape(shape, opCase.sizes);
      const given = opCase.inputs[name];
      const mask = graph.dropoutMasks.find(({ tensor }) => tensor.name === name);
      if (given) feeds[name] = toOrt(given, dims);
      else if (name === 'c') feeds[name] = new OrtTensor('float32', weights, dims);
      else if (mask) feeds[name] = new OrtTensor('float32', drawMask(dims, mask.rate), dims);
      else throw new Error(`the case gives nothing for ${name}`);
    }
    return new RunningCase(opCase, session, graph, y, feeds, weights);
  }

  /** `y`, with one input's values in place of the case's own. */
  async value(name?: string, values?: Float32Array): Promise<Float32Array> {
    const feeds = { ...this.#feeds };
    if (name !== undefined && values) feeds[name] = new OrtTensor('float32', values, feeds[name]!.dims);
    const outputs = await this.#session.run(feeds, [this.#y.name]);
    return floats(outputs[this.#y.name]!);
  }

  /** The gradient of the loss by input, as the graph computes it; zeros where none flows. */
  async gradients(): Promise<Map<string, Float32Array>> {
    const outputs = await this.#session.run(this.#feeds);
    return new Map(
      differentiated(this.#case).map(([name, { values }]) => {
        const made = outputs[`gradient:${name}`];
        return [name, made ? floats(made) : new Float32Array(values.length)];
      }),
    );
  }

  /** Every node's shape beside the one that was inferred for it. Needs `everyNode`. */
  async shapes(): Promise<NodeShape[]> {
    const outputs = await this.#session.run(this.#feeds);
    const sizes: Record<string, number> = { ...this.#case.sizes };
    return this.#graph.made.map((tensor) => {
      const { dims, type } = outputs[tensor.name]!;
      // A size that is made in the graph is what it first comes out as, and must stay that.
      for (const [axis, dim] of tensor.shape.entries())
        if (typeof dim === 'string' && /^part\d+$/.test(dim)) sizes[dim] ??= dims[axis]!;
      return {
        op: tensor.name,
        inferred: resolveShape(tensor.shape, sizes),
        actual: dims,
        inferredType: tensor.dtype,
        actualType: type,
      };
    });
  }

  async dispose(): Promise<void> {
    await this.#session.release();
  }
}

/** The inputs of a case that have a gradient. */
export function differentiated(opCase: OpCase): [string, OpInput][] {
  return Object.entries(opCase.inputs).filter(([, input]) => input.differentiated);
}

function toOrt({ dtype, values }: OpInput, dims: number[]): OrtTensor {
  return dtype === 'int32'
    ? new OrtTensor('int32', Int32Array.from(values), dims)
    : new OrtTensor('float32', Float32Array.from(values), dims);
}

function floats(value: InferenceSession.ReturnType[string]): Float32Array {
  if (!(value.data instanceof Float32Array)) throw new Error(`float32 was expected, not ${value.type}`);
  return value.data;
}

/** Numbers that are unlike each other, of about one in size. */
function normals(dims: readonly number[]): Float32Array {
  const random = new Random(77);
  return Float32Array.from({ length: count(dims) }, () => 3.4 * (random.uniform() - 0.5));
}

function drawMask(dims: readonly number[], rate: number): Float32Array {
  const random = new Random(78);
  return Float32Array.from({ length: count(dims) }, () => (random.uniform() < rate ? 0 : 1 / (1 - rate)));
}

function count(dims: readonly number[]): number {
  return dims.reduce((a, b) => a * b, 1);
}
