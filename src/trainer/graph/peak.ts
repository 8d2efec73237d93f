import type { Dtype, EncodableGraph } from './node.ts';
import { resolveShape, type Shape } from './shape.ts';

/** Operators whose result lies where their first operand lies. */
const VIEWS = new Set(['Identity', 'Reshape', 'Squeeze', 'Unsqueeze']);

const BYTES: Record<Dtype, number> = {
  float64: 8,
  int64: 8,
  float32: 4,
  int32: 4,
  float16: 2,
  bfloat16: 2,
  uint8: 1,
  bool: 1,
};

/**
 * The most bytes that lie between the inputs and the outputs of a graph at once, when its nodes run one after the other and
 * what nobody reads any more is freed. Inputs and outputs are not counted: whoever runs the graph has them.
 * @param sizes what the named sizes stand for
 */
export function peakBytes(graph: EncodableGraph, sizes: Readonly<Record<string, number>>): number {
  const all = withParts(graph, sizes);
  const storage = new Map<string, string>();
  const placeOf = (name: string) => storage.get(name) ?? name;
  const lastUse = new Map<string, number>();
  graph.nodes.forEach(({ op, inputs, outputs }, at) => {
    for (const input of inputs) lastUse.set(placeOf(input), at);
    for (const { name } of outputs) {
      if (VIEWS.has(op)) storage.set(name, placeOf(inputs[0]!));
      lastUse.set(placeOf(name), at);
    }
  });
  const outside = new Set([...graph.inputs, ...graph.outputs].map(({ name }) => placeOf(name)));
  const ends = new Map<number, string[]>();
  for (const [name, at] of lastUse) ends.set(at, [...(ends.get(at) ?? []), name]);

  const held = new Map<string, number>();
  let [now, most] = [0, 0];
  graph.nodes.forEach(({ outputs }, at) => {
    for (const { name, shape, dtype } of outputs) {
      const place = placeOf(name);
      if (held.has(place) || outside.has(place) || place !== name) continue;
      const bytes = BYTES[dtype] * count(shape, all);
      held.set(place, bytes);
      now += bytes;
    }
    most = Math.max(most, now);
    for (const place of ends.get(at) ?? []) now -= held.get(place) ?? 0;
  });
  return most;
}

/** The sizes with those that the graph makes itself: the parts in which a large vocabulary is gone through (see `head.ts`). */
function withParts(
  { nodes }: EncodableGraph,
  sizes: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const dims = new Set(nodes.flatMap(({ outputs }) => outputs.flatMap(({ shape }) => shape)));
  const parts = [...dims].filter((dim): dim is string => typeof dim === 'string' && /^part\d+$/.test(dim));
  const size = Math.ceil((sizes['targets'] ?? 0) / Math.max(1, parts.length));
  return { ...sizes, ...Object.fromEntries(parts.map((part) => [part, size])) };
}

function count(shape: Shape, sizes: Readonly<Record<string, number>>): number {
  return resolveShape(shape, sizes).reduce((a, b) => a * b, 1);
}
