import assert from 'node:assert/strict';
import { Random } from '../random.ts';
import { inParts, KernelThreads, type KernelCall } from './kernel-threads.ts';
import { NumericMemory } from './kernels.ts';

const COUNT = 1_000_000;

/** A memory with a long array of random numbers, and calls that add up its squares and then halve it. */
function work(shared: boolean) {
  const memory = new NumericMemory(4 * COUNT, { shared });
  const { pointer, data } = memory.allocate(COUNT);
  const random = new Random(3);
  for (let i = 0; i < COUNT; i++) data[i] = random.uniform();
  const calls = (kernel: KernelCall['kernel'], ...more: number[]) =>
    inParts(COUNT, (first, count) => ({ memory, kernel, args: [pointer + 4 * first, count, ...more] }));
  return { memory, data, squares: calls('sumOfSquares'), halves: calls('scaleBy', 0.5) };
}

describe('KernelThreads', () => {
  const open: KernelThreads[] = [];
  const threadsFor = (memories: NumericMemory[], threads: number) => {
    const made = new KernelThreads(memories, threads);
    open.push(made);
    return made;
  };
  afterEach(async () => {
    await Promise.all(open.splice(0).map((threads) => threads.dispose()));
  });

  for (const threads of [1, 2, 5]) {
    it(`${threads} of them give the same numbers as one, digit for digit`, async () => {
      const [alone, together] = [work(false), work(true)];
      const one = threadsFor([alone.memory], threads);
      const several = threadsFor([together.memory], threads);
      for (let round = 0; round < 100; round++) {
        assert.deepEqual(several.run(together.squares), one.run(alone.squares));
        one.run(alone.halves);
        several.run(together.halves);
        // The workers start meanwhile, in whichever round.
        if (round % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      }
      assert.deepEqual(together.data, alone.data);
    });
  }

  it('lets workers do a part of it', async function () {
    this.timeout(300_000);
    const { memory, squares } = work(true);
    let here = 0;
    const sumOfSquares = (x: number, count: number) => {
      here++;
      return memory.kernels.sumOfSquares(x, count);
    };
    // SAFETY: the same memory, but what this thread calls of it is counted.
    const counted = Object.create(memory, {
      kernels: { value: { ...memory.kernels, sumOfSquares } },
    }) as NumericMemory;
    const threads = threadsFor([counted], 2);
    const calls = squares.map((call) => ({ ...call, memory: counted }));
    // The worker takes a moment to start, and a machine with one processor a while to let it have a part.
    for (let round = 1; ; round++) {
      threads.run(calls);
      if (here < round * calls.length) return;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  });

  it('carries out more calls than lie on the desk at once, in several memories', () => {
    const memories = [1, 2].map(() => new NumericMemory(64, { shared: true }));
    const places = memories.map((memory) => memory.allocate(4));
    const threads = threadsFor(memories, 2);
    const calls = Array.from({ length: 2500 }, (_, i): KernelCall => {
      places[i % 2]!.data.fill((i % 2) + 1);
      return { memory: memories[i % 2]!, kernel: 'sumOfSquares', args: [places[i % 2]!.pointer, 4] };
    });
    assert.deepEqual(
      [...threads.run(calls)],
      calls.map((_, i) => 4 * ((i % 2) + 1) ** 2),
    );
    assert.deepEqual([...threads.run([])], []);
  });

  it('hands over what is no number', () => {
    const { memory, data, squares } = work(true);
    data[COUNT - 1] = NaN;
    assert.ok(Number.isNaN(threadsFor([memory], 2).run(squares).at(-1)));
  });

  it('throws what a kernel does beyond its memory, whichever thread it was', () => {
    const { memory } = work(true);
    const beyond = Array.from({ length: 8 }, (): KernelCall => ({
      memory,
      kernel: 'clear',
      args: [-64, 64],
    }));
    assert.throws(() => threadsFor([memory], 2).run(beyond), /beyond its memory/);
  });
});

describe('inParts', () => {
  it('divides what is long, at whole units', () => {
    const parts = (count: number, unit?: number) => inParts(count, (first, length) => [first, length], unit);
    assert.deepEqual(parts(0), []);
    assert.deepEqual(parts(100), [[0, 100]]);
    assert.deepEqual(parts(131_076), [
      [0, 65_536],
      [65_536, 65_536],
      [131_072, 4],
    ]);
    assert.deepEqual(parts(90_000, 30_000), [
      [0, 60_000],
      [60_000, 30_000],
    ]);
    assert.deepEqual(parts(200_000, 100_000), [
      [0, 100_000],
      [100_000, 100_000],
    ]);
  });
});
