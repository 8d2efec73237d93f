import { encodeModel } from '../graph/encode.ts';
import { Graph, WEBGPU_LOWERING } from '../graph/graph.ts';
import { adamw, clipFactor } from '../graph/ops/adamw.ts';
import { isDecayed, type Parameter } from '../models/parameter.ts';
import type { StepSettings } from './engine.ts';

/**
 * The scalars that an update graph is fed, computed in double precision on the host.
 * @param step the number of this update, from 1, steps that changed nothing not counted
 */
export function updateScalars(settings: StepSettings, step: number): Record<string, number> {
  const { learningRate, weightDecay, beta1, beta2, epsilon, maxGradNorm, lossScale = 1 } = settings;
  return {
    // 0 switches clipping off; the largest float does the same in the graph.
    max_norm: maxGradNorm > 0 ? maxGradNorm : 3e38,
    unscale: 1 / lossScale,
    decay: 1 - learningRate * weightDecay,
    rest1: 1 - beta1,
    beta2,
    rest2: 1 - beta2,
    step_size: learningRate / (1 - beta1 ** step),
    root_correction: Math.sqrt(1 - beta2 ** step),
    epsilon,
  };
}

/**
 * The optimizer step as a graph, for devices where the state lives: inputs `value:`, `gradient:`, `expAvg:` and
 * `expAvgSq:` of every parameter and the scalars of {@link updateScalars}; outputs the new state and `norm`.
 */
export function buildUpdate(parameters: readonly Parameter[]): Uint8Array {
  const g = new Graph(WEBGPU_LOWERING);
  const scalar = (name: string) => g.input(name, []);
  const maxNorm = scalar('max_norm');
  const unscale = scalar('unscale');
  const decay = scalar('decay');
  const shared = {
    rest1: scalar('rest1'),
    beta2: scalar('beta2'),
    rest2: scalar('rest2'),
    stepSize: scalar('step_size'),
    rootCorrection: scalar('root_correction'),
    epsilon: scalar('epsilon'),
  };
  const tensors = parameters.map(({ name, shape }) => ({
    value: g.input(`value:${name}`, shape),
    gradient: g.input(`gradient:${name}`, shape),
    expAvg: g.input(`expAvg:${name}`, shape),
    expAvgSq: g.input(`expAvgSq:${name}`, shape),
  }));
  const { norm, clip } = clipFactor(
    g,
    tensors.map(({ gradient }) => gradient),
    { maxNorm, unscale },
  );
  g.output('norm', norm);
  parameters.forEach((parameter, i) => {
    const next = adamw(g, tensors[i]!, isDecayed(parameter) ? decay : g.scalar(1), { ...shared, clip });
    for (const [kind, tensor] of Object.entries(next)) g.output(`next:${kind}:${parameter.name}`, tensor);
  });
  return encodeModel(g);
}

/** Adds two sets of gradients: `gradient:` and `more:` of every parameter to `sum:`. */
export function buildSum(parameters: readonly Parameter[]): Uint8Array {
  const g = new Graph(WEBGPU_LOWERING);
  for (const { name, shape } of parameters) {
    const sum = g.single(
      'Add',
      [g.input(`gradient:${name}`, shape), g.input(`more:${name}`, shape)],
      {},
      shape,
    );
    g.output(`sum:${name}`, sum);
  }
  return encodeModel(g);
}
