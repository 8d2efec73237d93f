import { backward, type Gradient } from '../graph/backward.ts';
import { liveNodes } from '../graph/cut.ts';
import type { DropoutMask, Tensor } from '../graph/graph.ts';
import type { Parameter } from './parameter.ts';
import { addTrainingLoss, type LossOptions, type TaskGraph } from './task.ts';

/** A parameter and what its gradient consists of. */
export interface TrainedParameter {
  readonly parameter: Parameter;
  readonly gradient: Gradient;
}

/** A stretch of a model that is computed at once, forward and backward. */
export interface Segment {
  /** What it reads of the segment before it; the first one reads the batch alone. */
  readonly input?: Tensor;
  /** What the next one reads; the last one has the loss instead. */
  readonly output?: Tensor;
  /** An input of the graph: the gradient of `output`. */
  readonly upstream?: Tensor;
  /** The gradient of `input`. */
  readonly downstream?: Tensor;
  /** The gradients of parameters, as far as they come from this segment. */
  readonly trained: readonly TrainedParameter[];
  /** The dropout masks that it reads. */
  readonly masks: readonly DropoutMask[];
}

export interface TrainingOptions extends LossOptions {
  /** Cut the model where it may be cut; without it there is one segment. */
  readonly checkpointing?: boolean;
}

/** What a training step computes. */
export interface TrainingGraph {
  /** In the order of the forward pass. */
  readonly segments: readonly Segment[];
  /** Every trained parameter with the whole of its gradient, in the order in which the model declares them. */
  readonly trained: readonly TrainedParameter[];
}

/**
 * Adds the loss (see {@link addTrainingLoss}) and the gradients of the parameters that `isTrained` names.
 *
 * With `checkpointing` only the inputs of segments outlive the forward pass, and the backward pass of a segment computes
 * the segment again (Chen et al. 2016, "Training Deep Nets with Sublinear Memory Cost"). Both ways write down the same
 * operators; whoever runs them cuts each segment out of the graph.
 * @throws Error when two segments give a dense gradient to one parameter, which no family does
 */
export function addTraining(
  built: TaskGraph,
  isTrained: (parameter: Parameter) => boolean,
  options: TrainingOptions = {},
): TrainingGraph {
  const { graph, builder } = built;
  const trained = [...builder.parameters.values()].filter(isTrained);
  const loss = addTrainingLoss(withTrainedHead(built, trained), options);
  const whole = new Map<Parameter, Gradient>(trained.map((parameter) => [parameter, { rows: [] }]));
  const cuts = options.checkpointing ? graph.checkpoints : [];
  const segments: Segment[] = [];
  for (let i = cuts.length; i >= 0; i--) {
    const [input, output] = [cuts[i - 1], cuts[i]];
    const nodes = liveNodes(graph.nodes, [output ?? loss], new Set(input ? [input.name] : []));
    const reads = new Set(nodes.flatMap(({ inputs }) => inputs));
    const upstream = output && graph.input(`upstream_${i}`, output.shape);
    const own = trained.filter(({ name }) => reads.has(name));
    const wrt = [...(input ? [input] : []), ...own.map(({ tensor }) => tensor)];
    const options = { ...(upstream ? { upstream } : {}), leaves: input ? [input] : [] };
    const gradients = backward(graph, output ?? loss, wrt, options);
    for (const parameter of own) join(whole.get(parameter)!, gradients.get(parameter.tensor)!, parameter);
    segments.unshift({
      ...(input ? { input, downstream: gradients.get(input)!.dense! } : {}),
      ...(output && upstream ? { output, upstream } : {}),
      trained: own.map((parameter) => ({ parameter, gradient: gradients.get(parameter.tensor)! })),
      masks: graph.dropoutMasks.filter(({ tensor }) => reads.has(tensor.name)),
    });
  }
  return { segments, trained: [...whole].map(([parameter, gradient]) => ({ parameter, gradient })) };
}

/** The same with a head that knows whether its weight is trained. */
function withTrainedHead(built: TaskGraph, trained: readonly Parameter[]): TaskGraph {
  const { output } = built;
  const trainsWeight = trained.some(({ tensor }) => tensor === output?.weight);
  return output ? { ...built, output: { ...output, trainsWeight } } : built;
}

function join(whole: Gradient, part: Gradient, { name }: Parameter): void {
  if (whole.dense && part.dense) throw new Error(`two segments give a dense gradient to ${name}`);
  if (part.dense) whole.dense = part.dense;
  whole.rows.push(...part.rows);
}
