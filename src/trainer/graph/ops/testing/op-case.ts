import { Random } from '../../../random.ts';
import type { Graph, Tensor } from '../../graph.ts';
import { resolveShape, type Shape } from '../../shape.ts';

/** An input of an operator under test. */
export interface OpInput {
  readonly shape: Shape;
  readonly dtype: 'float32' | 'int32';
  readonly values: readonly number[];
  /** Whether the operator has a gradient for it. */
  readonly differentiated: boolean;
}

/** One operator with drawn inputs: what a gradient check, a shape check and a comparison of devices run. */
export interface OpCase {
  readonly title: string;
  readonly inputs: Readonly<Record<string, OpInput>>;
  /** What the named sizes stand for. */
  readonly sizes: Readonly<Record<string, number>>;
  readonly build: (g: Graph, inputs: Readonly<Record<string, Tensor>>) => Tensor;
}

/** Makes a case anew from random numbers: other sizes and other values for each draw. */
export type MakeCase = (draw: Draw) => Omit<OpCase, 'sizes'>;

/** Everything that is random in a case. */
export class Draw {
  readonly sizes: Record<string, number> = {};
  readonly #random: Random;

  constructor(seed: number, stream: number) {
    this.#random = new Random(seed, stream);
  }

  /** A size that is known while the graph is built. */
  size(from = 1, to = 5): number {
    return from + this.#random.below(to - from + 1);
  }

  /** A size that is known only when the graph runs: its name, with a drawn value behind it. */
  dim(name: string, from = 1, to = 5): string {
    this.sizes[name] ??= this.size(from, to);
    return name;
  }

  /** Numbers of about one in size, of both signs, none within 0.1 of zero. */
  floats(shape: Shape): OpInput {
    return this.#input(shape, () => {
      const size = 0.1 + 1.5 * this.#random.uniform();
      return this.#random.below(2) === 0 ? size : -size;
    });
  }

  /** Numbers from 0.5 to 2.5. */
  positive(shape: Shape): OpInput {
    return this.#input(shape, () => 0.5 + 2 * this.#random.uniform());
  }

  /** Rows of numbers that rise, so that no row is nearly constant: where it is, a norm is too curved to difference. */
  rising(shape: Shape): OpInput {
    const width = resolveShape(shape, this.sizes).at(-1) ?? 1;
    let i = 0;
    return this.#input(shape, () => this.#random.uniform() + (i++ % width) - 1);
  }

  /** Integers from 0 to `bound` − 1, with repetitions as chance has it. */
  ids(shape: Shape, bound: number): OpInput {
    const input = this.#input(shape, () => this.#random.below(bound));
    return { ...input, dtype: 'int32', differentiated: false };
  }

  /** Given values. */
  fixed(shape: Shape, values: readonly number[], dtype: OpInput['dtype'] = 'int32'): OpInput {
    return { shape, dtype, values, differentiated: false };
  }

  /** The numbers from 0 to `count` − 1 in random order. */
  permutation(count: number): number[] {
    const order = Array.from({ length: count }, (_, i) => i);
    for (let i = count - 1; i > 0; i--) {
      const j = this.#random.below(i + 1);
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    return order;
  }

  #input(shape: Shape, next: () => number): OpInput {
    const count = resolveShape(shape, this.sizes).reduce((a, b) => a * b, 1);
    // Rounded so that a difference quotient may add its step to a float32 without rounding.
    const values = Array.from({ length: count }, () => Math.round(next() * 4096) / 4096);
    return { shape, dtype: 'float32', values, differentiated: true };
  }
}

/** A drawn case with the sizes behind its names. */
export function drawCase(make: MakeCase, seed: number, stream: number): OpCase {
  const draw = new Draw(seed, stream);
  return { ...make(draw), sizes: draw.sizes };
}
