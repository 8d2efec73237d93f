import type { Tensor } from '../graph/graph.ts';
import { addTraining, type TrainingGraph } from '../models/segments.ts';
import { buildTask, type TaskGraph } from '../models/task.ts';
import { loweringOf } from './lowering.ts';
import type { ModelSpec } from './model-spec.ts';
import type { ProgramSegment, SegmentOutput } from './passes.ts';

/** A training step as the CPU computes it. */
export interface CpuStep extends TrainingGraph {
  readonly built: TaskGraph;
  readonly segments: readonly ProgramSegment[];
}

/**
 * Writes down the training step of a model for the CPU. Results: `loss`, what is observed beside it, `gradient:NAME` where a
 * parameter has a dense gradient, and `rows:TENSOR` for each gradient that comes as rows.
 */
export function buildCpuStep(spec: ModelSpec, device = 'cpu'): CpuStep {
  const built = buildTask(spec.config, spec.task, {
    ...spec.options,
    training: !spec.disableDropout,
    lowering: loweringOf(device, spec.float16),
  });
  const { segments, trained } = addTraining(built, spec.isTrained, spec);
  const onHost = (name: string, tensor: Tensor): SegmentOutput => ({ name, tensor, onDevice: false });
  const results = built.graph.outputs.map((tensor) => onHost(tensor.name, tensor));
  const withOutputs = segments.map((segment) => {
    const gradients = segment.trained.flatMap(({ parameter, gradient }) => [
      ...(gradient.dense ? [onHost(`gradient:${parameter.name}`, gradient.dense)] : []),
      ...gradient.rows.map(({ rows }) => onHost(`rows:${rows.name}`, rows)),
    ]);
    return { ...segment, outputs: distinct(segment.output ? gradients : [...results, ...gradients]) };
  });
  return { built, segments: withOutputs, trained };
}

/** Rows that go into several tables are one result. */
function distinct(outputs: readonly SegmentOutput[]): SegmentOutput[] {
  return [...new Map(outputs.map((output) => [output.name, output])).values()];
}
