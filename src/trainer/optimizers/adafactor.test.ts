import assert from 'node:assert/strict';
import type { Graph } from '../graph/graph.ts';
import { adafactor } from '../graph/ops/adafactor.ts';
import { NumericMemory } from '../kernels/kernels.ts';
import type { Parameter } from '../models/parameter.ts';
import { Random } from '../random.ts';
import { float32, runGraph } from '../runtime/testing/run-graph.ts';
import { Adafactor, secondMomentKept } from './adafactor.ts';
import { optimizerState } from './optimizer-state.ts';
import { TrainedTensor } from './trained-tensor.ts';

const RATE = 3e-3;
const DECAY = 1 - RATE * 0.05;
const CLIP = 0.75;

function parameter(shape: readonly number[], role: Parameter['role'] = 'weight'): Parameter {
  const tensor = { name: 'p', shape, dtype: 'float32' } as const;
  return { name: 'p', shape, role, init: { kind: 'constant', value: 0 }, tensor };
}

/** transformers/optimization.py, Adafactor.step, in double precision: a state that it changes, and new values. */
class Reference {
  readonly rows: number[] = [];
  readonly columns: number[] = [];
  readonly whole: number[] = [];
  values: number[];
  readonly #shape: readonly number[];

  constructor(shape: readonly number[], values: readonly number[]) {
    this.#shape = shape;
    this.values = [...values];
  }

  step(gradient: readonly number[], t: number): void {
    const kept = 1 - t ** -0.8;
    const average = (former = 0, now: number) => kept * former + (1 - kept) * now;
    const squares = gradient.map((x) => (CLIP * x) ** 2 + 1e-30);
    const [height = 1, width = 1] = this.#shape;
    let update: number[];
    if (this.#shape.length === 2) {
      for (let r = 0; r < height; r++)
        this.rows[r] = average(this.rows[r], mean(squares.slice(r * width, (r + 1) * width)));
      for (let c = 0; c < width; c++)
        this.columns[c] = average(this.columns[c], mean(squares.filter((_, i) => i % width === c)));
      const middle = mean(this.rows);
      update = gradient.map((x, i) => {
        const [row, column] = [this.rows[Math.floor(i / width)]!, this.columns[i % width]!];
        return (CLIP * x) / Math.sqrt(row / middle) / Math.sqrt(column);
      });
    } else {
      squares.forEach((x, i) => (this.whole[i] = average(this.whole[i], x)));
      update = gradient.map((x, i) => (CLIP * x) / Math.sqrt(this.whole[i]!));
    }
    const excess = Math.max(1, Math.sqrt(mean(update.map((x) => x * x))));
    this.values = this.values.map((x, i) => x * DECAY - (RATE * update[i]!) / excess);
  }
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const elements = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

function assertNear(made: ArrayLike<number>, expected: readonly number[], relative = 2e-6): void {
  assert.equal(made.length, expected.length);
  expected.forEach((x, i) =>
    assert.ok(Math.abs(made[i]! - x) <= relative * Math.max(Math.abs(x), 1e-30), `${i}: ${made[i]} and ${x}`),
  );
}

describe('Adafactor', () => {
  // Widths that are and are not whole vectors, as the matrices of LoRA have them.
  for (const shape of [[5, 8], [6, 3], [1, 7], [7, 1], [9, 2], [37], [4]]) {
    it(`of shape [${shape.join(', ')}]: three steps of transformers.optimization.Adafactor`, async () => {
      const random = new Random(5);
      const draw = (scale: number) =>
        Array.from({ length: elements(shape) }, () => Math.fround(scale * (random.uniform() - 0.5)));
      const values = draw(2);
      const expected = new Reference(shape, values);
      const tested = parameter(shape);
      const memory = new NumericMemory(1 << 16);
      const tensor = new TrainedTensor(memory, tested, 'adafactor', false);
      const optimizer = new Adafactor([memory], [tested]);
      tensor.values.data.set(values);
      let onDevice: Record<string, number[]> = { value: values };
      for (const { name, shape: own } of optimizerState('adafactor', tested))
        onDevice[name] = Array.from({ length: elements(own) }, () => 0);

      for (const update of [1, 2, 3]) {
        const gradient = draw(update === 2 ? 1e-4 : 1);
        expected.step(gradient, update);
        tensor.gradient.data.set(gradient);
        optimizer.update([tensor], { ...FACTORS, update });
        onDevice = await stepAsGraph(shape, onDevice, gradient, update);
      }
      for (const [name, x] of Object.entries({
        exp_avg_sq_row: expected.rows,
        exp_avg_sq_col: expected.columns,
        exp_avg_sq: expected.whole,
      })) {
        if (x.length === 0) continue;
        assertNear(tensor.stateOf(name).data, x);
        assertNear(onDevice[name]!, x);
      }
      const near = (made: ArrayLike<number>) =>
        expected.values.forEach((x, i) => assert.ok(Math.abs(made[i]! - x) < 3e-7));
      near(tensor.values.data);
      near(onDevice['value']!);
    });
  }

  it('of a table of which few rows have gradients: as of the whole matrix with zeros', () => {
    const shape = [40, 12];
    const random = new Random(6);
    const draw = (count: number) => Float32Array.from({ length: count }, () => random.uniform() - 0.5);
    const memory = new NumericMemory(1 << 16);
    const tested = parameter(shape, 'embedding');
    const [table, whole] = [true, false].map((asRows) => {
      const tensor = new TrainedTensor(memory, tested, 'adafactor', asRows);
      tensor.values.data.set(new Float32Array(480).fill(0.5));
      return tensor;
    });
    const optimizer = new Adafactor([memory], [tested]);
    const [places, rows] = [memory.allocate(4), memory.allocate(48)];
    for (const [update, ids] of [
      [1, Int32Array.of(3, 17, 3, 39)],
      [2, Int32Array.of(0, 17, 8, 9)],
    ] as const) {
      new Int32Array(places.data.buffer, places.pointer, ids.length).set(ids);
      rows.data.set(draw(48));
      whole!.gradient.data.fill(0);
      for (const tensor of [table!, whole!]) {
        tensor.addRows(ids, places.pointer, rows.pointer);
        optimizer.update([tensor], { ...FACTORS, update });
        tensor.forgetRows();
      }
      assert.deepEqual(table!.stateOf('exp_avg_sq_row').data, whole!.stateOf('exp_avg_sq_row').data);
      assertNear(table!.stateOf('exp_avg_sq_col').data, [...whole!.stateOf('exp_avg_sq_col').data], 1e-7);
      assertNear(table!.values.data, [...whole!.values.data], 2e-7);
    }
    // Never used: decayed twice, and otherwise as it was.
    assert.ok(Math.abs(table!.values.data[12]! - 0.5 * DECAY ** 2) < 1e-7);
    assert.ok(table!.gradient.data.every((x) => x === 0));
  });
});

const FACTORS = {
  clip: CLIP,
  learningRate: RATE,
  weightDecay: 0.05,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  maxGradNorm: 1,
};

/** The same step as ordinary operators, as WebGPU takes it; here on the CPU. */
function stepAsGraph(
  shape: readonly number[],
  { value, ...state }: Record<string, number[]>,
  gradient: readonly number[],
  update: number,
): Promise<Record<string, number[]>> {
  const kept = secondMomentKept(update);
  const scalars = { clip: CLIP, kept, rest: 1 - kept, learningRate: RATE, decay: DECAY };
  const states = Object.entries(state);
  return runGraph(
    (g: Graph) => {
      const scalar = (name: keyof typeof scalars) => g.input(name, []);
      const moved = adafactor(
        g,
        {
          value: g.input('p', shape),
          gradient: g.input('gradient', shape),
          state: Object.fromEntries(
            states.map(([name, data]) => [name, g.input(`former ${name}`, [data.length])]),
          ),
        },
        scalar('decay'),
        {
          clip: scalar('clip'),
          kept: scalar('kept'),
          rest: scalar('rest'),
          learningRate: scalar('learningRate'),
        },
      );
      return { value: moved.value, ...moved.state };
    },
    {
      p: float32(value!, shape),
      gradient: float32(gradient, shape),
      ...Object.fromEntries(states.map(([name, data]) => [`former ${name}`, float32(data, [data.length])])),
      ...Object.fromEntries(Object.entries(scalars).map(([name, x]) => [name, float32([x], [])])),
    },
  );
}
