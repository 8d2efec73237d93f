import { cutGraph, type GraphPart } from '../graph/cut.ts';
import { encodeModel } from '../graph/encode.ts';
import type { Graph, Tensor } from '../graph/graph.ts';
import type { Segment } from '../models/segments.ts';

/** A result of a segment. */
export interface SegmentOutput {
  /** What whoever runs the program calls it. */
  readonly name: string;
  readonly tensor: Tensor;
  /** The input of the graph for what a later segment made under the same name; it is then part of this result. */
  readonly carry?: Tensor;
  /** Whether it stays on a device that has memory of its own. */
  readonly onDevice: boolean;
}

export interface ProgramSegment extends Segment {
  readonly outputs: readonly SegmentOutput[];
}

/** One way through a segment: forward, or back. */
export interface Pass {
  readonly segment: ProgramSegment;
  readonly part: GraphPart;
  /** The encoded part. Equal layers have equal models. */
  readonly model: Uint8Array;
  /** What the part calls the results that stay on a device. */
  readonly onDevice: readonly string[];
}

/** The passes of a training step, in the order in which they are made. */
export interface Passes {
  readonly forward: readonly Pass[];
  /** From the last segment, which is gone through forward and backward at once, down to the first one that is trained. */
  readonly backward: readonly Pass[];
}

/**
 * Cuts a step into passes: forward through all segments but the last, and back through those that are trained or lie above one.
 * @param inPlace whether they are run by `runInPlace`
 */
export function planPasses(graph: Graph, segments: readonly ProgramSegment[], inPlace: boolean): Passes {
  const pass = (
    segment: ProgramSegment,
    from: readonly (Tensor | undefined)[],
    to: readonly Result[],
  ): Pass => {
    const given = from.filter((tensor) => tensor !== undefined);
    const part = cutGraph(
      graph,
      given,
      to.map(({ tensor }) => tensor),
    );
    const kept = to.filter(({ onDevice }) => onDevice).map(({ tensor }) => part.outputs.get(tensor.name)!);
    return { segment, part, model: encodeModel(part.graph, { inPlace }), onDevice: kept };
  };
  const inner = (tensor: Tensor | undefined): Result[] => (tensor ? [{ tensor, onDevice: true }] : []);
  const lowest = segments.findIndex(({ outputs }) => outputs.length > 0);
  return {
    forward: segments.slice(0, -1).map((segment) => pass(segment, [segment.input], inner(segment.output))),
    backward: segments
      .slice(lowest)
      .toReversed()
      .map((segment) => {
        const { input, upstream, downstream, outputs } = segment;
        // The lowest one makes a gradient that nobody reads, so that it is equal to those above and shares their session.
        return pass(segment, [input, upstream], [...inner(downstream), ...outputs]);
      }),
  };
}

type Result = Pick<SegmentOutput, 'tensor' | 'onDevice'>;
