import type { Entry, MapNode, Node, ScalarNode, TuneDocument } from './tree.ts';

/** The map at the root of a document; `undefined` for a document that is none. */
export function rootMap(document: TuneDocument): MapNode | undefined {
  return document.root?.type === 'map' ? document.root : undefined;
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

/** The value under a path, where it is a scalar that is known and not null. */
export function scalarAt(node: Node | undefined, ...path: string[]): ScalarNode | undefined {
  const value = valueAt(node, ...path);
  return value?.type === 'scalar' && value.value !== null && !value.unresolved ? value : undefined;
}

export function stringAt(node: Node | undefined, ...path: string[]): string | undefined {
  const value = scalarAt(node, ...path)?.value;
  return typeof value === 'string' ? value : undefined;
}

export function numberAt(node: Node | undefined, ...path: string[]): number | undefined {
  const value = scalarAt(node, ...path)?.value;
  return typeof value === 'number' ? value : undefined;
}

/** The strings of a value that is a string or a list, each with its node; other things, and what is not known, are left out. */
export function stringsOf(node: Node | undefined): { node: ScalarNode; value: string }[] {
  const items = node?.type === 'seq' ? node.items : node ? [node] : [];
  return items.flatMap((item) =>
    item.type === 'scalar' && typeof item.value === 'string' && !item.unresolved
      ? [{ node: item, value: item.value }]
      : [],
  );
}

/** Whether a part of a value is not known: a `${…}` in it stands for nothing here. */
export function hasUnresolved(node: Node): boolean {
  if (node.type === 'scalar') return node.unresolved === true;
  // Aliases make a value stand in many places: each is looked at once.
  const known = unresolved.get(node);
  if (known !== undefined) return known;
  const children = node.type === 'seq' ? node.items : node.entries.map(({ value }) => value);
  const found = children.some(hasUnresolved);
  unresolved.set(node, found);
  return found;
}

const unresolved = new WeakMap<Node, boolean>();

/** Every scalar of a value once, also where aliases make it stand in many places. */
export function* scalarsIn(node: Node, seen = new Set<Node>()): Generator<ScalarNode> {
  if (seen.has(node)) return;
  seen.add(node);
  if (node.type === 'scalar') yield node;
  else {
    const children = node.type === 'seq' ? node.items : node.entries.map(({ value }) => value);
    for (const child of children) yield* scalarsIn(child, seen);
  }
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
  if (typeof node.value === 'string') return `the text ${quote(node.value)}`;
  return typeof node.value === 'number' ? `the number ${node.value}` : `${node.value}`;
}

/** A text in quotes, short enough for a message. */
function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
