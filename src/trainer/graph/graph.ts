import type { AttributeValue, Dtype, GraphNode, Initializer, Tensor } from './node.ts';
import { formatShape, type Dim, type Shape } from './shape.ts';

export type { Tensor } from './node.ts';

/** A random mask that whoever runs the graph fills before each step: 0 with probability `rate`, else 1 / (1 - rate). */
export interface DropoutMask {
  readonly tensor: Tensor;
  readonly rate: number;
}

/**
 * The gradient of a table of which only some rows were used: add row `i` of `rows` to row `ids[i] + firstRow` of the
 * table. Ids may repeat, and are an input of the graph: whoever runs it knows them. A dense gradient of a vocabulary would be mostly zeros.
 */
export interface RowGradient {
  readonly ids: Tensor;
  readonly firstRow: number;
  readonly rows: Tensor;
}

/**
 * How one differentiable step is undone. `backward` gets the gradient of the output and returns one gradient per
 * input, or undefined where none flows.
 */
export interface TapeEntry {
  readonly inputs: readonly Tensor[];
  readonly output: Tensor;
  readonly backward: (gradient: Tensor) => readonly (Tensor | RowGradient | undefined)[];
}

/** What the device that runs the graph can do, where the same result can be had from different operators. */
export interface Lowering {
  /** `com.microsoft.FusedMatMul` takes transposed operands as they lie; without it a Transpose node is emitted. */
  readonly fusedMatMul: boolean;
  /** ScatterND with `reduction=add` is right when places repeat. */
  readonly scatterNdAdds: boolean;
  /** GELU as one node of com.microsoft; otherwise ONNX's own. */
  readonly contribGelu: boolean;
  /** Norms and activations go forward in one operator of onnxruntime's; what the way back needs of them it computes again, and holds less. */
  readonly fusedForward: boolean;
  /** Rows are added up by a product with ones, which takes half the time of ReduceSum over the first axis. */
  readonly sumsByProduct: boolean;
  /** One element of a tensor may decide when what follows is computed; elsewhere the processor would wait for the device. */
  readonly waitsForElements: boolean;
  /**
   * What matrices are multiplied in: `float32`, `float16`, or, where the device multiplies no float16, operands and results `rounded` to it.
   */
  readonly products: 'float32' | 'float16' | 'rounded';
}

const FLOAT32 = { contribGelu: true, products: 'float32' } as const;
export const CPU_LOWERING: Lowering = {
  ...FLOAT32,
  fusedMatMul: true,
  scatterNdAdds: false,
  fusedForward: true,
  sumsByProduct: true,
  waitsForElements: true,
};
export const WEBGPU_LOWERING: Lowering = {
  ...FLOAT32,
  fusedMatMul: false,
  scatterNdAdds: true,
  fusedForward: false,
  sumsByProduct: false,
  waitsForElements: false,
};

/**
 * A computation being written down: nodes in the order in which they may run, and the tape that
 * {@link backward} reads in reverse. The functions in `ops/` add to it; `encode.ts` turns it into ONNX.
 */
export class Graph {
  readonly nodes: GraphNode[] = [];
  readonly inputs: Tensor[] = [];
  readonly outputs: Tensor[] = [];
  readonly initializers: Initializer[] = [];
  readonly dropoutMasks: DropoutMask[] = [];
  /** Where the computation may be cut into segments, in their order: nothing but this tensor reaches what comes after. */
  readonly checkpoints: Tensor[] = [];
  readonly tape: TapeEntry[] = [];
  readonly lowering: Lowering;
  readonly #constants = new Map<string, Tensor>();
  readonly #dimSources = new Map<string, { tensor: Tensor; axis: number }>();
  readonly #recorded = new Set<Tensor>();
  readonly #repeats = new Map<Tensor, () => Tensor>();
  #count = 0;

  constructor(lowering: Lowering = CPU_LOWERING) {
    this.lowering = lowering;
  }

  /** A tensor that is fed at every run. Its named sizes become known to the rest of the graph. */
  input(name: string, shape: Shape, dtype: Dtype = 'float32'): Tensor {
    if (this.inputs.some((input) => input.name === name))
      throw new Error(`the graph has two inputs named ${name}`);
    const tensor: Tensor = { name, shape, dtype };
    this.inputs.push(tensor);
    shape.forEach((dim, axis) => {
      if (typeof dim === 'string' && !dim.includes('*') && !this.#dimSources.has(dim)) {
        this.#dimSources.set(dim, { tensor, axis });
      }
    });
    return tensor;
  }

  /** Makes a tensor a result of the graph, under a name of its own. */
  output(name: string, tensor: Tensor): Tensor {
    const output = this.node('Identity', [tensor], {}, [{ shape: tensor.shape, dtype: tensor.dtype }], {
      names: [name],
    });
    this.outputs.push(output[0]!);
    return output[0]!;
  }

  /** A constant that is the same in every run. Equal constants are stored once. */
  constant(values: readonly number[], shape: Shape, dtype: Dtype = 'float32'): Tensor {
    const key = `${dtype}${formatShape(shape)}${values.join(',')}`;
    const known = this.#constants.get(key);
    if (known) return known;
    const tensor: Tensor = { name: `constant_${this.#constants.size}`, shape, dtype };
    this.initializers.push({ tensor, values });
    this.#constants.set(key, tensor);
    return tensor;
  }

  /** A scalar constant. */
  scalar(value: number, dtype: Dtype = 'float32'): Tensor {
    return this.constant([value], [], dtype);
  }

  /**
   * Adds one ONNX node and returns its outputs. Only the functions in `ops/` call this: they know the operator's
   * shapes and its gradient.
   */
  node(
    op: string,
    inputs: readonly (Tensor | undefined)[],
    attributes: Readonly<Record<string, AttributeValue>>,
    outputs: readonly { shape: Shape; dtype: Dtype }[],
    options: { domain?: string; names?: readonly string[] } = {},
  ): Tensor[] {
    const results = outputs.map(({ shape, dtype }, i) => ({
      name: options.names?.[i] ?? `${op}_${this.#count}${i === 0 ? '' : `_${i}`}`,
      shape,
      dtype,
    }));
    this.#count++;
    this.nodes.push({
      op,
      domain: options.domain ?? '',
      inputs: inputs.map((input) => input?.name ?? ''),
      outputs: results,
      attributes,
    });
    return results;
  }

  /** A node with one output. */
  single(
    op: string,
    inputs: readonly (Tensor | undefined)[],
    attributes: Readonly<Record<string, AttributeValue>>,
    shape: Shape,
    dtype: Dtype = 'float32',
    domain = '',
  ): Tensor {
    return this.node(op, inputs, attributes, [{ shape, dtype }], { domain })[0]!;
  }

  /**
   * Notes how `output` came from `inputs`, for the backward pass. A tensor is recorded once: an operator that records
   * itself makes its result with {@link single}, or what it is made of would be counted beside it.
   */
  record(inputs: readonly Tensor[], output: Tensor, backward: TapeEntry['backward']): Tensor {
    if (this.#recorded.has(output)) throw new Error(`the gradient of ${output.name} would be counted twice`);
    this.#recorded.add(output);
    this.tape.push({ inputs, output, backward });
    return output;
  }

  /** Says how to compute a tensor again from what is held for the backward pass anyway. */
  repeatable(tensor: Tensor, again: () => Tensor): Tensor {
    this.#repeats.set(tensor, again);
    return tensor;
  }

  /** A tensor as the backward pass is to read it: computed again, once, where that was said to be possible, so that it is not held until then. */
  again(tensor: Tensor): Tensor {
    const make = this.#repeats.get(tensor);
    return make ? this.once(`again ${tensor.name}`, make) : tensor;
  }

  /**
   * A shape as an int64 tensor, for Reshape and Expand. At most one size stays -1 (to be inferred); further named
   * sizes are read from the inputs that brought them.
   */
  shapeTensor(shape: Shape): Tensor {
    const unknown = shape.filter((dim) => typeof dim === 'string');
    if (unknown.length <= 1) {
      return this.constant(
        shape.map((dim) => (typeof dim === 'string' ? -1 : dim)),
        [shape.length],
        'int64',
      );
    }
    // The first named size is inferred, which is also the one most often a product.
    let inferred = false;
    const parts = shape.map((dim) => {
      if (typeof dim === 'number') return this.constant([dim], [1], 'int64');
      if (!inferred) {
        inferred = true;
        return this.constant([-1], [1], 'int64');
      }
      return this.dimTensor(dim);
    });
    return this.once(`shape ${formatShape(shape)}`, () =>
      this.single('Concat', parts, { axis: 0 }, [shape.length], 'int64'),
    );
  }

  /** Whether a size is known or read from an input, unlike that of a part that the graph itself makes. */
  knowsSize(dim: Dim): boolean {
    return (
      typeof dim === 'number' ||
      dim.split('*').every((part) => /^\d+$/.test(part) || this.#dimSources.has(part))
    );
  }

  /** One size as an int64 tensor of shape [1]. */
  dimTensor(dim: Dim): Tensor {
    if (typeof dim === 'number') return this.constant([dim], [1], 'int64');
    return this.once(`dim ${dim}`, () =>
      dim
        .split('*')
        .map((part) => {
          if (/^\d+$/.test(part)) return this.constant([Number(part)], [1], 'int64');
          const source = this.#dimSources.get(part);
          if (!source) throw new Error(`no input of the graph has the size "${part}"`);
          const { tensor, axis } = source;
          return this.single('Shape', [tensor], { start: axis, end: axis + 1 }, [1], 'int64');
        })
        .reduce((a, b) => this.single('Mul', [a, b], {}, [1], 'int64')),
    );
  }

  /** What `make` makes, the first time that the key is asked for. */
  once(key: string, make: () => Tensor): Tensor {
    const known = this.#constants.get(key);
    if (known) return known;
    const tensor = make();
    this.#constants.set(key, tensor);
    return tensor;
  }
}
