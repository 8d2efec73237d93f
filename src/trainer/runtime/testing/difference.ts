import type { OpCase } from '../../graph/ops/testing/op-case.ts';
import { differentiated, RunningCase } from './run-case.ts';

/** A power of two, so that x ± h and x ± 2h are exact for the inputs of a case. */
const H = 1 / 32;

/** One element of a gradient: as the graph computes it, and as the difference quotient has it. */
export interface GradientElement {
  readonly input: string;
  readonly index: number;
  readonly graph: number;
  readonly quotient: number;
  /** How far the two may lie apart: what rounding in `y` does to the quotient, and what the quotient leaves out. */
  readonly tolerance: number;
}

/**
 * Every element of every gradient of a case beside the five-point difference quotient of the loss,
 * `(8 (L(x+h) − L(x−h)) − (L(x+2h) − L(x−2h))) / 12h` (Abramowitz & Stegun 25.3.6), whose own error is h⁴ L⁽⁵⁾ / 30.
 * The loss is summed in double precision from the float32 results, so rounding adds at most a few units in the last
 * place of each `y`, times its weight, over h.
 */
export async function compareGradients(opCase: OpCase): Promise<GradientElement[]> {
  const running = await RunningCase.create(opCase);
  try {
    const gradients = await running.gradients();
    const rounding = 4 * 2 ** -24 * sum(await running.value(), running.weights, Math.abs);
    const elements: GradientElement[] = [];
    for (const [input, { values }] of differentiated(opCase)) {
      const gradient = gradients.get(input)!;
      for (let index = 0; index < values.length; index++) {
        const lossAt = async (offset: number) => {
          const moved = Float32Array.from(values);
          moved[index]! += offset;
          return sum(await running.value(input, moved), running.weights);
        };
        const near = (await lossAt(H)) - (await lossAt(-H));
        const far = (await lossAt(2 * H)) - (await lossAt(-2 * H));
        const quotient = (8 * near - far) / (12 * H);
        elements.push({
          input,
          index,
          graph: gradient[index]!,
          quotient,
          tolerance: rounding / H + 5e-5 * Math.max(1, Math.abs(quotient)),
        });
      }
    }
    return elements;
  } finally {
    await running.dispose();
  }
}

function sum(y: Float32Array, weights: Float32Array, of: (x: number) => number = (x) => x): number {
  return y.reduce((total, value, i) => total + of(value * weights[i]!), 0);
}
