import assert from 'node:assert/strict';
import { Random } from '../random.ts';
import { canShareTensors, NumericMemory, paddedBytes, type Buffer32 } from './kernels.ts';

const f = Math.fround;

/** A memory with room for a few thousand numbers, and a way to put numbers into it. */
function memoryOf() {
  const memory = new NumericMemory(1 << 18);
  const random = new Random(4);
  return {
    memory,
    kernels: memory.kernels,
    put: (values: ArrayLike<number>): Buffer32 => {
      const buffer = memory.allocate(values.length);
      buffer.data.set(values);
      return buffer;
    },
    draw: (count: number, scale = 1) =>
      Float32Array.from({ length: count }, () => scale * (2 * random.uniform() - 1)),
  };
}

describe('kernels, beside plain loops', () => {
  // Lengths that are and are not whole vectors: the rest of a buffer is zeros, which must stay zeros.
  for (const count of [1, 3, 4, 5, 64, 1001]) {
    it(`addTo, scaleBy and sumOfSquares of ${count} numbers`, () => {
      const { kernels, put, draw } = memoryOf();
      const [x, y] = [draw(count), draw(count)];
      const [a, b] = [put(x), put(y)];
      kernels.addTo(a.pointer, b.pointer, a.padded);
      assert.deepEqual(
        a.data,
        x.map((value, i) => f(value + y[i]!)),
      );
      kernels.scaleBy(b.pointer, b.padded, 0.3);
      assert.deepEqual(
        b.data,
        y.map((value) => f(value * f(0.3))),
      );
      const squares = a.data.reduce((sum, value) => sum + value * value, 0);
      const made = kernels.sumOfSquares(a.pointer, a.padded);
      assert.ok(Math.abs(made - squares) <= 1e-14 * squares);
    });
  }

  it('sumOfSquares adds in double precision: small squares beside a large one are not lost', () => {
    const { kernels, put } = memoryOf();
    const values = new Float32Array(4001).fill(1e-4);
    values[0] = 1e3;
    const { pointer, padded } = put(values);
    const small = f(1e-4) ** 2;
    assert.ok(Math.abs(kernels.sumOfSquares(pointer, padded) - (1e6 + 4000 * small)) < 1e-6);
  });

  it('sumOfSquares of what is no number is no number', () => {
    const { kernels, put } = memoryOf();
    for (const [value, expected] of [
      [NaN, NaN],
      [Infinity, Infinity],
    ] as const) {
      const { pointer, padded } = put([1, 2, value, 4, 5]);
      assert.equal(kernels.sumOfSquares(pointer, padded), expected);
    }
  });

  it('addRows adds rows of equal ids one after the other', () => {
    const { memory, kernels, put, draw } = memoryOf();
    const [rows, width] = [6, 8];
    const ids = [2, 0, 2, 2, 5, 0, 2];
    const before = draw(rows * width);
    const parts = draw(ids.length * width);
    const [table, from] = [put(before), put(parts)];
    const places = memory.allocate(ids.length);
    new Int32Array(places.data.buffer, places.pointer, ids.length).set(ids);
    kernels.addRows(table.pointer, places.pointer, from.pointer, ids.length, width);
    const expected = before.slice();
    ids.forEach((id, i) => {
      for (let c = 0; c < width; c++)
        expected[id * width + c] = f(expected[id * width + c]! + parts[i * width + c]!);
    });
    assert.deepEqual(table.data, expected);
  });

  it('adamw is the arithmetic of torch.optim.AdamW in float32, bit for bit', () => {
    const { kernels, put, draw } = memoryOf();
    const count = 1003;
    const [p0, g0, m0] = [draw(count), draw(count), draw(count, 0.1)];
    const v0 = draw(count, 0.1).map((x) => x * x);
    const [p, g, m, v] = [put(p0), put(g0), put(m0), put(v0)];
    const [clip, decay, beta1, beta2, stepSize, root, epsilon] = [0.8, 0.9999, 0.9, 0.999, 3e-3, 0.07, 1e-8];
    kernels.adamw(
      p.pointer,
      g.pointer,
      m.pointer,
      v.pointer,
      p.padded,
      clip,
      decay,
      1 - beta1,
      beta2,
      1 - beta2,
      stepSize,
      root,
      epsilon,
    );
    for (let i = 0; i < count; i++) {
      const gradient = f(g0[i]! * f(clip));
      const first = f(m0[i]! + f(f(1 - beta1) * f(gradient - m0[i]!)));
      const second = f(f(v0[i]! * f(beta2)) + f(f(1 - beta2) * f(gradient * gradient)));
      const denominator = f(f(f(Math.sqrt(second)) / f(root)) + f(epsilon));
      const value = f(f(p0[i]! * f(decay)) - f(f(f(stepSize) * first) / denominator));
      assert.deepEqual([m.data[i], v.data[i], p.data[i]], [first, second, value], `element ${i}`);
    }
  });

  it('adamw turns moments below 1e-30 into zeros, of both signs, and leaves larger ones', () => {
    const { kernels, put } = memoryOf();
    const tiny = [1e-31, -1e-31, 1e-38, -1e-38, 1e-44, 2e-30, -2e-30, 0];
    const [p, g] = [put(new Float32Array(8).fill(1)), put(new Float32Array(8))];
    const [m, v] = [put(tiny), put(tiny.map(Math.abs))];
    kernels.adamw(p.pointer, g.pointer, m.pointer, v.pointer, 8, 1, 1, 0.1, 0.999, 0.001, 1e-3, 0.5, 1e-8);
    assert.deepEqual(
      [...m.data].map((x) => Math.abs(x) > 0),
      [false, false, false, false, false, true, true, false],
    );
    assert.deepEqual(
      [...v.data].map((x) => x > 0),
      [false, false, false, false, false, true, true, false],
    );
    assert.ok(p.data.every(Number.isFinite));
  });

  it('adamwRows moves the rows of a table that were used, and decays the others', () => {
    const { memory, kernels, put, draw } = memoryOf();
    const [rows, width] = [5, 8];
    const used = [0, 1, 1, 0, 1];
    const drawn = [draw(rows * width), draw(rows * width), draw(rows * width, 0.1)];
    const squares = draw(rows * width, 0.1).map((x) => x * x);
    const [whole, table] = [1, 2].map(() => [...drawn, squares].map(put));
    const marks = memory.allocate(2);
    new Uint8Array(marks.data.buffer, marks.pointer, rows).set(used);
    const scalars = [0.8, 0.99, 0.1, 0.999, 0.001, 3e-3, 0.07, 1e-8] as const;
    const at = ([p, g, m, v]: Buffer32[]) => [p!.pointer, g!.pointer, m!.pointer, v!.pointer] as const;
    kernels.adamw(...at(whole!), rows * width, ...scalars);
    kernels.adamwRows(...at(table!), marks.pointer, rows, width, ...scalars);
    const decayed = drawn[0]!.map((x) => f(x * f(0.99)));
    for (let i = 0; i < rows * width; i++) {
      const isUsed = used[Math.floor(i / width)] === 1;
      assert.equal(table![0]!.data[i], isUsed ? whole![0]!.data[i] : decayed[i]);
      assert.equal(table![2]!.data[i], isUsed ? whole![2]!.data[i] : drawn[2]![i]);
      assert.equal(table![3]!.data[i], isUsed ? whole![3]!.data[i] : squares[i]);
    }
  });

  it('clear puts zeros, also where there was no number', () => {
    const { kernels, put } = memoryOf();
    const { pointer, data } = put([1, NaN, Infinity, 4, 5, 6, 7, 8]);
    kernels.clear(pointer, 4);
    assert.deepEqual([...data], [0, 0, 0, 0, 5, 6, 7, 8]);
  });

  it('a weight whose gradient and moments are zero only decays', () => {
    const { kernels, put } = memoryOf();
    const [p, g, m, v] = [put([1.5, -2, 0, 3]), put([0, 0, 0, 0]), put([0, 0, 0, 0]), put([0, 0, 0, 0])];
    kernels.adamw(p.pointer, g.pointer, m.pointer, v.pointer, 4, 1, 0.99, 0.1, 0.999, 0.001, 1e-3, 0.5, 1e-8);
    assert.deepEqual(
      [...p.data],
      [1.5, -2, 0, 3].map((x) => f(x * f(0.99))),
    );
  });
});

/** The hash of assembly/index.ts in plain arithmetic. */
function maskElement(index: number, key0: number, key1: number, rate: number, keep: number): number {
  const mix = (x: number) => {
    x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
    x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
    return x ^ (x >>> 16);
  };
  const hash = mix(mix(index ^ key0) ^ key1) >>> 0;
  return hash >= Math.floor(rate * 2 ** 32) ? f(keep) : 0;
}

describe('dropoutMask', () => {
  const make = (count: number, key0: number, key1: number, rate: number) => {
    const memory = new NumericMemory(4 * count + 64);
    const buffer = memory.allocate(count);
    memory.kernels.dropoutMask(buffer.pointer, 0, buffer.padded, key0, key1, rate, 1 / (1 - rate));
    return buffer.data;
  };

  it('is its definition, element by element', () => {
    for (const [key0, key1, rate] of [
      [42, 0x12345678, 0.1],
      [0, 0, 0.5],
      [0xffffffff, -7, 0.9],
    ] as const) {
      const expected = Float32Array.from({ length: 1000 }, (_, i) =>
        maskElement(i, key0, key1, rate, 1 / (1 - rate)),
      );
      assert.deepEqual(make(1000, key0, key1, rate), expected);
    }
  });

  for (const rate of [0.05, 0.1, 0.5]) {
    it(`drops a share of ${rate} and keeps the mean`, () => {
      const count = 200_000;
      const mask = make(count, 7, 99, rate);
      const dropped = mask.reduce((sum, x) => sum + (x === 0 ? 1 : 0), 0);
      const deviation = Math.sqrt(count * rate * (1 - rate));
      assert.ok(Math.abs(dropped - count * rate) < 5 * deviation, `${dropped} of ${count}`);
      assert.deepEqual([...new Set(mask)].sort(), [0, f(1 / (1 - rate))].sort());
    });
  }

  it('can be made from any element on', () => {
    const whole = make(64, 3, 4, 0.3);
    const memory = new NumericMemory(256);
    const part = memory.allocate(32);
    memory.kernels.dropoutMask(part.pointer, 20, 32, 3, 4, 0.3, 1 / 0.7);
    assert.deepEqual(part.data, whole.slice(20, 52));
  });

  it('is the same for the same key, and for another key independent', () => {
    const count = 100_000;
    const one = make(count, 1, 5, 0.5);
    assert.deepEqual(make(count, 1, 5, 0.5), one);
    for (const other of [make(count, 1, 6, 0.5), make(count, 2, 5, 0.5)]) {
      const agreeing = one.reduce((sum, x, i) => sum + (x === other[i] ? 1 : 0), 0);
      assert.ok(Math.abs(agreeing - count / 2) < 5 * Math.sqrt(count / 4));
    }
  });
});

describe('NumericMemory', () => {
  it('hands out buffers that lie apart, begin at whole cache lines and are zero', () => {
    const memory = new NumericMemory(3 * paddedBytes(5));
    const buffers = [memory.allocate(5), memory.allocate(5), memory.allocate(5)];
    for (const { pointer, padded, data, length } of buffers) {
      assert.equal(pointer % 64, 0);
      assert.deepEqual([padded, length, [...data]], [16, 5, [0, 0, 0, 0, 0]]);
    }
    buffers[0]!.data.fill(1);
    assert.deepEqual([...buffers[1]!.data], [0, 0, 0, 0, 0]);
  });

  it('refuses what it has no room for', () => {
    const memory = new NumericMemory(256);
    memory.allocate(64);
    assert.throws(() => memory.allocate(64), /used up/);
    assert.throws(() => new NumericMemory(5 * 1024 ** 3), /at most 4 GiB, and 5\.0 GiB were asked for/);
  });

  it('can be shared with threads, and holds the same kernels', () => {
    const memory = new NumericMemory(256, { shared: true });
    const { pointer, data } = memory.allocate(8);
    data.set([1, 2, 3, 4, 5, 6, 7, 8]);
    assert.equal(memory.kernels.sumOfSquares(pointer, 8), 204);
    assert.ok(memory.shared?.memory.buffer instanceof SharedArrayBuffer);
    assert.equal(new NumericMemory(256).shared, undefined);
  });

  it('is shared only where onnxruntime can be given what lies in it', () => {
    const versions = ['20.20.2', '22.20.0', '22.21.0', '23.11.1', '24.8.0', '24.9.0', '24.21.0', '26.0.0'];
    assert.deepEqual(versions.map(canShareTensors), [false, false, true, false, false, true, true, true]);
  });

  it('starts anew when it is cleared', () => {
    const memory = new NumericMemory(256);
    const { pointer } = memory.allocate(64);
    memory.clear();
    assert.equal(memory.allocate(64).pointer, pointer);
  });
});
