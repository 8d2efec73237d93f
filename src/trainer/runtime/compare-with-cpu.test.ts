import assert from 'node:assert/strict';
import { compareWithCpu } from './compare-with-cpu.ts';
import { CpuEngine } from './cpu-engine.ts';
import type { TrainingEngine } from './engine.ts';
import type { ModelSpec } from './model-spec.ts';

/** A second CPU engine in the place of a device; `spoil` puts a fault into it. */
async function engineWith(
  spec: ModelSpec,
  values: ReadonlyMap<string, Float32Array>,
  spoil: (engine: CpuEngine) => void = () => undefined,
): Promise<TrainingEngine> {
  const limits = { tokens: 15, sequences: 3, length: 7 };
  const engine = await CpuEngine.create(spec, values, { threads: 1, limits, accumulates: false });
  spoil(engine);
  return engine;
}

describe('compareWithCpu', () => {
  it('finds nothing where the device is the CPU', async () => {
    const found = await compareWithCpu((spec, values) => engineWith(spec, values));
    assert.deepEqual(found, { deviation: 0, of: 'loss', agrees: true });
  });

  it('finds a gradient of which one element is wrong', async () => {
    const name = 'bert.encoder.layer.1.attention.self.value.weight';
    const found = await compareWithCpu((spec, values) =>
      engineWith(spec, values, (engine) => {
        const readState = engine.readState.bind(engine);
        engine.readState = async () => {
          const state = await readState();
          const expAvg = state.get(name)!.optimizer.get('exp_avg')!;
          expAvg[17]! += 0.01 * expAvg.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
          return state;
        };
      }),
    );
    assert.equal(found.agrees, false);
    assert.equal(found.of, `gradient of ${name}`);
    assert.ok(Math.abs(found.deviation - 0.01) < 1e-3);
  });

  it('in float16 takes rounding for what it is, and finds what is more than that', async () => {
    const same = await compareWithCpu((spec, values) => engineWith(spec, values), 'float16');
    assert.equal(same.deviation, 0);
    const rounded = await compareWithCpu(
      (spec, values) => engineWith({ ...spec, float16: false }, values),
      'float16',
    );
    assert.ok(rounded.agrees && rounded.deviation > 1e-3, `${rounded.of} by ${rounded.deviation}`);

    const name = 'bert.encoder.layer.1.intermediate.dense.weight';
    const wrong = await compareWithCpu(
      (spec, values) =>
        engineWith(spec, values, (engine) => {
          const readState = engine.readState.bind(engine);
          engine.readState = async () => {
            const state = await readState();
            const expAvg = state.get(name)!.optimizer.get('exp_avg')!;
            const most = expAvg.reduce((found, x) => Math.max(found, Math.abs(x)), 0);
            expAvg[5]! += 0.2 * most;
            return state;
          };
        }),
      'float16',
    );
    assert.equal(wrong.agrees, false);
    assert.equal(wrong.of, `gradient of ${name}`);
  });

  it('finds embedding rows that were not added up', async () => {
    const found = await compareWithCpu((spec, values) =>
      engineWith(spec, values, (engine) => {
        const accumulate = engine.accumulate.bind(engine);
        // Every repeated token becomes a token of its own, as if a repeated row had been overwritten.
        engine.accumulate = (feeds, ...rest) => {
          const ids = feeds['input_ids']!;
          const distinct = Int32Array.from(ids.data, (id, i) => (ids.data.indexOf(id) === i ? id : 20 + i));
          return accumulate({ ...feeds, input_ids: { data: distinct, dims: ids.dims } }, ...rest);
        };
      }),
    );
    assert.equal(found.agrees, false);
  });

  it('finds what is no number', async () => {
    const found = await compareWithCpu((spec, values) =>
      engineWith(spec, values, (engine) => (engine.accumulate = async () => NaN)),
    );
    assert.equal(found.agrees, false);
    assert.ok(Number.isNaN(found.deviation));
  });
});
