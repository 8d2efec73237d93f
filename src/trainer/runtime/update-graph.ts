import type { Optimizer } from '../../language/schema/optimizers.ts';
import { encodeModel } from '../graph/encode.ts';
import { Graph, WEBGPU_LOWERING, type Tensor } from '../graph/graph.ts';
import { adafactor } from '../graph/ops/adafactor.ts';
import { adamw, clipFactor } from '../graph/ops/adamw.ts';
import { isDecayed, type Parameter } from '../models/parameter.ts';
import { secondMomentKept } from '../optimizers/adafactor.ts';
import { optimizerState } from '../optimizers/optimizer-state.ts';
import type { StepSettings } from './engine.ts';

/**
 * The scalars that an update graph is fed, computed in double precision on the host.
 * @param step the number of this update, from 1, steps that changed nothing not counted
 */
export function updateScalars(
  optimizer: Optimizer,
  settings: StepSettings,
  step: number,
): Record<string, number> {
  const { learningRate, weightDecay, beta1, beta2, epsilon, maxGradNorm, lossScale = 1 } = settings;
  const shared = {
    // 0 switches clipping off; the largest float does the same in the graph.
    max_norm: maxGradNorm > 0 ? maxGradNorm : 3e38,
    unscale: 1 / lossScale,
    decay: 1 - learningRate * weightDecay,
  };
  if (optimizer === 'adafactor') {
    const kept = secondMomentKept(step);
    return { ...shared, kept, rest: 1 - kept, learning_rate: learningRate };
  }
  return {
    ...shared,
    rest1: 1 - beta1,
    beta2,
    rest2: 1 - beta2,
    step_size: learningRate / (1 - beta1 ** step),
    root_correction: Math.sqrt(1 - beta2 ** step),
    epsilon,
  };
}

/** What the optimizer keeps of parameters, each tensor named `KIND:PARAMETER`. */
export function keptTensors(
  optimizer: Optimizer,
  parameters: readonly Parameter[],
): { readonly name: string; readonly shape: readonly number[] }[] {
  return parameters.flatMap((parameter) =>
    optimizerState(optimizer, parameter).map(({ name, shape }) => ({
      name: `${name}:${parameter.name}`,
      shape,
    })),
  );
}

/**
 * The optimizer step as a graph, for devices where the state lives: inputs `value:` and `gradient:` of every parameter, the tensors of
 * {@link keptTensors} and the scalars of {@link updateScalars}; outputs the new state, as `next:` and its name, and `norm`.
 */
export function buildUpdate(parameters: readonly Parameter[], optimizer: Optimizer): Uint8Array {
  const g = new Graph(WEBGPU_LOWERING);
  const scalar = (name: string) => g.once(name, () => g.input(name, []));
  const limits = { maxNorm: scalar('max_norm'), unscale: scalar('unscale') };
  const decay = scalar('decay');
  const tensors = parameters.map((parameter) => ({
    value: g.input(`value:${parameter.name}`, parameter.shape),
    gradient: g.input(`gradient:${parameter.name}`, parameter.shape),
    state: Object.fromEntries(
      optimizerState(optimizer, parameter).map(({ name, shape }) => [
        name,
        g.input(`${name}:${parameter.name}`, shape),
      ]),
    ),
  }));
  const gradients = tensors.map(({ gradient }) => gradient);
  const { norm, clip } = clipFactor(g, gradients, limits);
  g.output('norm', norm);
  const move = optimizer === 'adafactor' ? adafactorStep(g, scalar, clip) : adamwStep(g, scalar, clip);
  parameters.forEach((parameter, i) => {
    const { value, state } = move(tensors[i]!, isDecayed(parameter) ? decay : g.scalar(1));
    g.output(`next:value:${parameter.name}`, value);
    for (const [kind, tensor] of Object.entries(state)) g.output(`next:${kind}:${parameter.name}`, tensor);
  });
  return encodeModel(g);
}

interface Moved {
  readonly value: Tensor;
  readonly state: Readonly<Record<string, Tensor>>;
}
type Move = (tensors: Moved & { readonly gradient: Tensor }, decay: Tensor) => Moved;

function adafactorStep(g: Graph, scalar: (name: string) => Tensor, clip: Tensor): Move {
  const scalars = {
    clip,
    kept: scalar('kept'),
    rest: scalar('rest'),
    learningRate: scalar('learning_rate'),
  };
  return (tensors, decay) => adafactor(g, tensors, decay, scalars);
}

function adamwStep(g: Graph, scalar: (name: string) => Tensor, clip: Tensor): Move {
  const scalars = {
    clip,
    rest1: scalar('rest1'),
    beta2: scalar('beta2'),
    rest2: scalar('rest2'),
    stepSize: scalar('step_size'),
    rootCorrection: scalar('root_correction'),
    epsilon: scalar('epsilon'),
  };
  return ({ value, gradient, state }, decay) => {
    const moments = { expAvg: state['exp_avg']!, expAvgSq: state['exp_avg_sq']! };
    const next = adamw(g, { value, gradient, ...moments }, decay, scalars);
    return { value: next.value, state: { exp_avg: next.expAvg, exp_avg_sq: next.expAvgSq } };
  };
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
