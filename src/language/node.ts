import type { TuneDocument } from './document.ts';

/**
 * The syntax tree that everything else reads: plain values with their place in the text. Offsets are UTF-16 code units
 * from the start of the file. A node knows its document, because after `extends` one tree is made of several.
 */
export type Node = ScalarNode | MapNode | SeqNode;

interface NodeBase {
  document: TuneDocument;
  start: number;
  end: number;
}

export interface ScalarNode extends NodeBase {
  type: 'scalar';
  /** The value as YAML 1.2 reads it. */
  value: string | number | boolean | null;
  /** Whether it stands in quotes or as a block, and so is text whatever it looks like. */
  quoted: boolean;
}

export interface MapNode extends NodeBase {
  type: 'map';
  flow: boolean;
  entries: Entry[];
}

export interface SeqNode extends NodeBase {
  type: 'seq';
  flow: boolean;
  items: Node[];
}

/** A field of a map. Where nothing follows the colon, `value` is an empty `null` behind it. */
export interface Entry {
  key: ScalarNode;
  name: string;
  value: Node;
  /** The end of the whole entry in the text, without the line break. */
  end: number;
  /** Taken from a merge key (`<<: *anchor`): it stands elsewhere and gives way to a field of its own name. */
  merged: boolean;
}

/** The entry of that name, the last where it stands twice. */
export function entryOf(node: Node | undefined, name: string): Entry | undefined {
  return node?.type === 'map' ? node.entries.findLast((entry) => entry.name === name) : undefined;
}

/** The value under a path of names. */
export function valueAt(node: Node | undefined, ...path: string[]): Node | undefined {
  let current = node;
  for (const name of path) current = entryOf(current, name)?.value;
  return current;
}

/** The value under a path, where it is a scalar that is not null. */
export function scalarAt(node: Node | undefined, ...path: string[]): ScalarNode | undefined {
  const value = valueAt(node, ...path);
  return value?.type === 'scalar' && value.value !== null ? value : undefined;
}

export function stringAt(node: Node | undefined, ...path: string[]): string | undefined {
  const value = scalarAt(node, ...path)?.value;
  return typeof value === 'string' ? value : undefined;
}

export function numberAt(node: Node | undefined, ...path: string[]): number | undefined {
  const value = scalarAt(node, ...path)?.value;
  return typeof value === 'number' ? value : undefined;
}

/** The strings of a value that is a string or a list, each with its node; other things are left out. */
export function stringsOf(node: Node | undefined): { node: ScalarNode; value: string }[] {
  const items = node?.type === 'seq' ? node.items : node ? [node] : [];
  return items.flatMap((item) =>
    item.type === 'scalar' && typeof item.value === 'string' ? [{ node: item, value: item.value }] : [],
  );
}

/** The plain value of a node, without shared references. Call it only on what the schema has bounded. */
export function toValue(node: Node): unknown {
  if (node.type === 'scalar') return node.value;
  if (node.type === 'seq') return node.items.map(toValue);
  return Object.fromEntries(node.entries.map((entry) => [entry.name, toValue(entry.value)]));
}

/** How a person calls what stands there. */
export function describe(node: Node): string {
  if (node.type === 'map') return 'a mapping';
  if (node.type === 'seq') return 'a list';
  if (node.value === null) return 'nothing';
  if (typeof node.value === 'string') return `the text ${JSON.stringify(node.value)}`;
  return typeof node.value === 'number' ? `the number ${node.value}` : `${node.value}`;
}
