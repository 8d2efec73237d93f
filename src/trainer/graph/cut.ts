import type { Graph } from './graph.ts';
import type { EncodableGraph, GraphNode, Initializer, Tensor } from './node.ts';

/** The nodes that some output needs, in their order. `known` are names of tensors that need no computing. */
export function liveNodes(
  nodes: readonly GraphNode[],
  outputs: readonly Tensor[],
  known: ReadonlySet<string> = new Set(),
): GraphNode[] {
  const needed = new Set(outputs.map(({ name }) => name));
  for (const name of known) needed.delete(name);
  const live: GraphNode[] = [];
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i]!;
    if (!node.outputs.some(({ name }) => needed.has(name) && !known.has(name))) continue;
    for (const input of node.inputs) needed.add(input);
    live.push(node);
  }
  return live.reverse();
}

/**
 * The same nodes, with those first that follow from the ids and masks of a batch alone, such as sizes and positions. The layer that happens to need one first makes it
 * in its middle, and every other part before it begins: so they would not be equal.
 */
function batchFirst(whole: Graph, nodes: readonly GraphNode[]): GraphNode[] {
  const constants = whole.initializers.map(({ tensor }) => tensor);
  const ids = whole.inputs.filter(({ dtype }) => dtype === 'int32' || dtype === 'int64');
  const ofBatch = new Set(['', ...[...constants, ...ids].map(({ name }) => name)]);
  const [first, others]: [GraphNode[], GraphNode[]] = [[], []];
  for (const node of nodes) {
    const follows = node.inputs.every((name) => ofBatch.has(name));
    (follows ? first : others).push(node);
    if (follows) for (const { name } of node.outputs) ofBatch.add(name);
  }
  return [...first, ...others];
}

/** A part of a graph under names that do not say where it was: equal layers become equal parts. */
export interface GraphPart {
  readonly graph: EncodableGraph;
  /** What the part calls the inputs that it has, by their names in the whole graph. */
  readonly inputs: ReadonlyMap<string, string>;
  /** The same of its outputs. */
  readonly outputs: ReadonlyMap<string, string>;
}

/**
 * Cuts out of a graph what computes `to`, given the tensors `from`: of what lies before those nothing is taken along.
 * Inputs are named in the order in which they are first read, other tensors in the order in which they are made.
 */
export function cutGraph(whole: Graph, from: readonly Tensor[], to: readonly Tensor[]): GraphPart {
  const given = new Set(from.map(({ name }) => name));
  const live = liveNodes(whole.nodes, to, given);
  const nodes = given.size === 0 ? live : batchFirst(whole, live);
  const sources = new Map([...whole.inputs, ...from].map((tensor) => [tensor.name, tensor]));
  const constants = new Map(whole.initializers.map((initializer) => [initializer.tensor.name, initializer]));

  const names = new Map<string, string>([['', '']]);
  const inputs: Tensor[] = [];
  const initializers: Initializer[] = [];
  const read = (name: string): string => {
    const known = names.get(name);
    if (known !== undefined) return known;
    const source = sources.get(name);
    const constant = constants.get(name);
    if (source) {
      names.set(name, `input_${inputs.length}`);
      inputs.push({ ...source, name: `input_${inputs.length}` });
    } else if (constant) {
      names.set(name, `constant_${initializers.length}`);
      initializers.push({
        ...constant,
        tensor: { ...constant.tensor, name: `constant_${initializers.length}` },
      });
    } else throw new Error(`nothing makes ${name}`);
    return names.get(name)!;
  };
  let made = 0;
  const renamed: GraphNode[] = nodes.map((node) => ({
    ...node,
    inputs: node.inputs.map(read),
    outputs: node.outputs.map((output) => {
      const name = `${node.op}_${made++}`;
      names.set(output.name, name);
      return { ...output, name };
    }),
  }));
  const outputs = to.map((tensor) => {
    const name = read(tensor.name);
    if (!sources.has(tensor.name)) return { ...tensor, name };
    // What is handed through is a result of its own, or onnxruntime would leave its place as it was.
    const copy = { ...tensor, name: `Identity_${made++}` };
    renamed.push({ op: 'Identity', domain: '', inputs: [name], outputs: [copy], attributes: {} });
    return copy;
  });
  return {
    graph: { nodes: renamed, inputs, outputs, initializers },
    inputs: new Map([...names].filter(([name]) => sources.has(name))),
    outputs: new Map(to.map(({ name }, i) => [name, outputs[i]!.name])),
  };
}
