import type { Entry, Node, SyntaxProblem, TuneDocument, TuneFile } from './tree.ts';
import { TreeBuilder } from './build-tree.ts';
import { identify, type Identity } from './identify.ts';
import { readHeader } from './read-header.ts';
import { recover, type Recovered } from './recover.ts';
import type { Kind } from './schema/kinds.ts';
import { TOO_DEEP } from './syntax.ts';

/** More brackets than this inside each other are no config, and slow to read. */
const MAX_DEPTH = 200;

/** What reading a document's YAML gives. */
interface Content extends Identity {
  root: Node | undefined;
  problems: readonly SyntaxProblem[];
}

/**
 * A document of a file, whose YAML is read when somebody asks for what it holds: a folder may have hundreds of configs of which a file
 * uses a few.
 */
export class LazyDocument implements TuneDocument {
  readonly file: TuneFile;
  readonly index: number;
  readonly start: number;
  readonly end: number;
  readonly source: string;
  readonly copy: number;
  readonly kind: Kind | undefined;
  readonly name: string | undefined;
  readonly #sound: Map<string, Recovered>;
  readonly #isPlain: boolean;
  #content: Content | undefined;

  /** @param sound documents without mistakes by their text: taken from, and added to */
  constructor(
    place: Pick<TuneDocument, 'file' | 'index' | 'start' | 'end' | 'source' | 'copy'>,
    sound: Map<string, Recovered>,
  ) {
    this.file = place.file;
    this.index = place.index;
    this.start = place.start;
    this.end = place.end;
    this.source = place.source;
    this.copy = place.copy;
    this.#sound = sound;
    const header = isTooDeep(place.source) ? undefined : readHeader(place.source);
    this.#isPlain = header !== undefined;
    const { kind, name } = header ?? this.#read();
    this.kind = kind;
    this.name = name;
  }

  get root(): Node | undefined {
    return this.#read().root;
  }

  get header(): Entry | undefined {
    return this.#read().header;
  }

  get broken(): boolean {
    return this.problems.length > 0;
  }

  get problems(): readonly SyntaxProblem[] {
    return this.#read().problems;
  }

  /** Whether there is nothing in it, and nothing wrong with it. */
  get isEmpty(): boolean {
    return !this.#isPlain && this.root === undefined && !this.broken;
  }

  #read(): Content {
    return (this.#content ??= readContent(this, this.#sound));
  }
}

function readContent(document: TuneDocument, sound: Map<string, Recovered>): Content {
  const { source, file, start } = document;
  try {
    if (isTooDeep(source)) throw new RangeError('too deep');
    const recovered = sound.get(source) ?? recover(source, file.text, start);
    if (recovered.problems.length === 0) sound.set(source, recovered);
    // Building the tree adds problems of its own.
    const problems = [...recovered.problems];
    const root = recovered.document && new TreeBuilder(document, recovered.document, problems).build();
    return { root, problems, ...identify(root) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const problems = [{ start, end: start, message: TOO_DEEP }];
    return { root: undefined, problems, ...identify(undefined) };
  }
}

/** Counts brackets that are open at once, those in quotes aside: an upper bound for how deep the reader descends into them. */
function isTooDeep(source: string): boolean {
  let depth = 0;
  for (const [token] of source.matchAll(/[[\]{}]|"[^"\n]*"|'[^'\n]*'/g)) {
    if ((token === '[' || token === '{') && ++depth > MAX_DEPTH) return true;
    if (token === ']' || token === '}') depth = Math.max(0, depth - 1);
  }
  return false;
}
