import assert from 'node:assert/strict';
import { Random } from '../../random.ts';
import { float32, runGraph } from '../../runtime/testing/run-graph.ts';
import { adamw, clipFactor } from './adamw.ts';

describe('adamw as operators', () => {
  it('is torch.optim.AdamW: decay first, moments, bias correction in the root, then the step', async () => {
    const random = new Random(9);
    const draw = (scale: number) => Array.from({ length: 40 }, () => scale * (random.uniform() - 0.5));
    const [value, gradient, expAvg] = [draw(2), draw(1), draw(0.2)];
    const expAvgSq = draw(0.1).map((x) => x * x);
    const [lr, weightDecay, beta1, beta2, epsilon, step] = [3e-3, 0.05, 0.9, 0.999, 1e-8, 7];

    const scalars = {
      clip: 0.75,
      rest1: 1 - beta1,
      beta2,
      rest2: 1 - beta2,
      stepSize: lr / (1 - beta1 ** step),
      rootCorrection: Math.sqrt(1 - beta2 ** step),
      epsilon,
      decay: 1 - lr * weightDecay,
    };
    const made = await runGraph(
      (g) => {
        const scalar = (name: keyof typeof scalars) => g.input(name, []);
        const decay = scalar('decay');
        return adamw(
          g,
          {
            value: g.input('p', [40]),
            gradient: g.input('g', [40]),
            expAvg: g.input('m', [40]),
            expAvgSq: g.input('v', [40]),
          },
          decay,
          {
            clip: scalar('clip'),
            rest1: scalar('rest1'),
            beta2: scalar('beta2'),
            rest2: scalar('rest2'),
            stepSize: scalar('stepSize'),
            rootCorrection: scalar('rootCorrection'),
            epsilon: scalar('epsilon'),
          },
        );
      },
      {
        p: float32(value, [40]),
        g: float32(gradient, [40]),
        m: float32(expAvg, [40]),
        v: float32(expAvgSq, [40]),
        ...Object.fromEntries(Object.entries(scalars).map(([name, x]) => [name, float32([x], [])])),
      },
    );
    // torch/optim/adamw.py, _single_tensor_adamw, in double precision.
    for (let i = 0; i < 40; i++) {
      const grad = gradient[i]! * scalars.clip;
      const m = expAvg[i]! + (grad - expAvg[i]!) * (1 - beta1);
      const v = expAvgSq[i]! * beta2 + grad * grad * (1 - beta2);
      const denominator = Math.sqrt(v) / Math.sqrt(1 - beta2 ** step) + epsilon;
      const p = value[i]! * (1 - lr * weightDecay) - ((lr / (1 - beta1 ** step)) * m) / denominator;
      assert.ok(Math.abs(made['expAvg']![i]! - m) < 1e-7);
      assert.ok(Math.abs(made['expAvgSq']![i]! - v) < 1e-8);
      assert.ok(Math.abs(made['value']![i]! - p) < 2e-7);
    }
  });
});

describe('clipFactor', () => {
  const run = (maxNorm: number, ...gradients: number[][]) => runScaled(1, maxNorm, ...gradients);
  const runScaled = (scale: number, maxNorm: number, ...gradients: number[][]) =>
    runGraph(
      (g) =>
        clipFactor(
          g,
          gradients.map((values, i) => g.input(`x${i}`, [values.length])),
          { maxNorm: g.input('max', []), unscale: g.scalar(1 / scale) },
        ),
      {
        max: float32([maxNorm], []),
        ...Object.fromEntries(gradients.map((values, i) => [`x${i}`, float32(values, [values.length])])),
      },
    );

  it('is the norm over all tensors, and max / (norm + 1e-6) where that is below one', async () => {
    const { norm, clip } = await run(2.5, [3, 0], [0, 4]);
    assert.deepEqual(norm, [5]);
    assert.ok(Math.abs(clip![0]! - 2.5 / (5 + 1e-6)) < 1e-7);
  });

  it('of gradients of a scaled loss is the norm without the scale, and the factor takes it away', async () => {
    const { norm, clip } = await runScaled(1024, 2.5, [3072, 0], [0, 4096]);
    assert.deepEqual(norm, [5]);
    assert.ok(Math.abs(1024 * clip![0]! - 2.5 / (5 + 1e-6)) < 1e-7);
  });

  it('is one below the limit', async () => {
    assert.deepEqual((await run(10, [3, 4])).clip, [1]);
  });
});
