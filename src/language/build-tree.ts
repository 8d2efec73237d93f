import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Alias,
  type Document,
  type Pair,
  type ParsedNode,
  type Range,
} from 'yaml';
import type { Entry, Node, ScalarNode, SyntaxProblem, TuneDocument } from './tree.ts';

/** More values than this in a document are data. */
const MAX_VALUES = 20_000;

/** How many nodes aliases may add to a document before they are called a bomb. */
const MAX_ALIASED = 10_000;

/** Turns the `yaml` package's tree into ours: aliases followed, merge keys spread, ranges from the start of the file. */
export class TreeBuilder {
  readonly #document: TuneDocument;
  readonly #source: Document.Parsed;
  readonly #problems: SyntaxProblem[];
  readonly #anchors = new Map<string, ParsedNode>();
  readonly #open = new Set<string>();
  readonly #building = new Set<string>();
  #aliased = 0;
  #values = 0;

  constructor(document: TuneDocument, source: Document.Parsed, problems: SyntaxProblem[]) {
    this.#document = document;
    this.#source = source;
    this.#problems = problems;
  }

  build(): Node | undefined {
    const { contents } = this.#source;
    const isEmpty =
      contents === null || (isScalar(contents) && contents.value === null && contents.source === '');
    return isEmpty ? undefined : this.#node(contents);
  }

  #node(node: ParsedNode | null, fallback = 0): Node {
    if (node === null) return this.#scalar(null, this.#range([fallback, fallback, fallback]), false);
    if (this.#open.size > 0 && ++this.#aliased > MAX_ALIASED) return this.#bomb(node);
    if (++this.#values > MAX_VALUES) return this.#tooLarge(node);
    if (isAlias(node)) return this.#alias(node);
    const { anchor } = node;
    if (anchor === undefined || this.#open.size > 0) return this.#content(node);
    this.#anchors.set(anchor, node);
    this.#building.add(anchor);
    const built = this.#content(node);
    this.#building.delete(anchor);
    return built;
  }

  #content(node: Exclude<ParsedNode, Alias.Parsed>): Node {
    const [start, , nodeEnd] = node.range;
    const place = this.#range([start, contentEnd(node), nodeEnd]);
    if (isMap(node)) {
      const all = node.items.flatMap((pair) => this.#pair(pair));
      const entries = [...all.filter((entry) => entry.merged), ...all.filter((entry) => !entry.merged)];
      return { type: 'map', document: this.#document, ...place, flow: node.flow === true, entries };
    }
    if (isSeq(node)) {
      const items = node.items.map((item) => this.#node(item, node.range[0]));
      return { type: 'seq', document: this.#document, ...place, flow: node.flow === true, items };
    }
    const quoted = node.type !== 'PLAIN' && node.type !== undefined;
    return this.#scalar(node.value, place, quoted);
  }

  #scalar(value: unknown, place: { start: number; end: number }, quoted: boolean): ScalarNode {
    const plain =
      value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
        ? value
        : typeof value === 'bigint'
          ? Number(value)
          : null;
    return { type: 'scalar', document: this.#document, ...place, value: plain, quoted };
  }

  #pair(pair: Pair<ParsedNode, ParsedNode | null>): Entry[] {
    if (this.#values > MAX_VALUES) return [];
    const key = pair.key;
    if (key === null || !isScalar(key) || key.value === null) {
      const place = this.#range(key?.range ?? pair.value?.range ?? [0, 0, 0]);
      this.#problems.push({ ...place, message: 'A field must have a name in front of its colon.' });
      return [];
    }
    // A key over several lines is an error of its own: a colon is missing at the end of the first.
    const written = this.#document.file.text.slice(this.#range(key.range).start, this.#range(key.range).end);
    if (key.type === 'PLAIN' && written.includes('\n')) return [];
    const keyNode = this.#scalar(key.value, this.#range(key.range), key.type !== 'PLAIN');
    const value = this.#placeEmpty(this.#node(pair.value, key.range[1]), keyNode);
    if (key.value === '<<' && key.type === 'PLAIN') return this.#merge(keyNode, value);
    const end = Math.max(keyNode.end, this.#trimEnd(pair.value ? contentEnd(pair.value) : key.range[1]));
    return [{ key: keyNode, name: String(keyNode.value), value, end, merged: false }];
  }

  /** A value that is not there stands right behind its colon. */
  #placeEmpty(value: Node, key: ScalarNode): Node {
    if (value.type !== 'scalar' || value.value !== null || value.start !== value.end) return value;
    const colon = /^[ \t]*:/.exec(this.#document.file.text.slice(key.end, key.end + 100));
    const start = key.end + (colon?.[0].length ?? 0);
    return { ...value, start, end: start };
  }

  #merge(key: ScalarNode, value: Node): Entry[] {
    const maps = value.type === 'seq' ? value.items : [value];
    if (maps.some((each) => each.type !== 'map')) {
      this.#problems.push({
        start: key.start,
        end: key.end,
        message: 'A merge key (`<<`) takes an alias to a map, or a list of them.',
      });
    }
    return maps.flatMap((each) =>
      each.type === 'map' ? each.entries.map((entry) => ({ ...entry, merged: true })) : [],
    );
  }

  #alias(alias: Alias.Parsed): Node {
    const target = this.#anchors.get(alias.source);
    if (!target) {
      const place = this.#range(alias.range);
      const message = `The alias \`*${alias.source}\` names no anchor above it in this document. Define it first with \`&${alias.source}\`.`;
      this.#problems.push({ ...place, message });
      return this.#scalar(null, place, false);
    }
    if (this.#open.has(alias.source) || this.#building.has(alias.source)) {
      const place = this.#range(alias.range);
      this.#problems.push({
        ...place,
        message: `The alias \`*${alias.source}\` stands inside its own anchor. Remove one of them.`,
      });
      return this.#scalar(null, place, false);
    }
    this.#open.add(alias.source);
    const node = this.#node(target);
    this.#open.delete(alias.source);
    return node;
  }

  #bomb(node: ParsedNode): Node {
    const place = this.#range(node.range);
    if (this.#aliased === MAX_ALIASED + 1) {
      this.#problems.push({
        ...place,
        message: `Aliases make this document larger than ${MAX_ALIASED} values. Write less of it by alias.`,
      });
    }
    return this.#scalar(null, place, false);
  }

  #tooLarge(node: ParsedNode): Node {
    const place = this.#range(node.range);
    if (this.#values === MAX_VALUES + 1) {
      const message = `This document has more than ${MAX_VALUES} values; a config has a few hundred. Data belongs into files that \`dataset:\` names.`;
      this.#problems.push({ start: place.start, end: place.start, message });
    }
    return this.#scalar(null, place, false);
  }

  #range(range: Range): { start: number; end: number } {
    const start = this.#document.start + range[0];
    return { start, end: Math.max(start, this.#trimEnd(range[1])) };
  }

  /** Block collections of `yaml` end behind their last line break; ours end with their last character. */
  #trimEnd(offset: number): number {
    const { text } = this.#document.file;
    let end = this.#document.start + offset;
    while (end > this.#document.start && /\s/.test(text.charAt(end - 1))) end--;
    return end;
  }
}

/** Where a node ends without a comment behind its last value, which `yaml` counts to a block collection. */
function contentEnd(node: ParsedNode): number {
  if (isMap(node) && !node.flow) {
    const last = node.items.at(-1);
    return last?.value ? contentEnd(last.value) : (last?.key?.range[1] ?? node.range[1]);
  }
  if (isSeq(node) && !node.flow) {
    const last = node.items.at(-1);
    return last ? contentEnd(last) : node.range[1];
  }
  return node.range[1];
}
