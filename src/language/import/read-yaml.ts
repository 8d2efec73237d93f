import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
} from 'yaml';
import { TunebookError } from '../../protocol/error.ts';
import { Setting, type Origin } from './settings.ts';

/**
 * Reads a YAML or JSON config as settings with their places.
 * @param isNamed whether another file names this one, so that the places have to tell it
 * @throws TunebookError `import/syntax` for a file that is no YAML map
 */
export function readYamlSettings(text: string, file: string, isNamed = false): Setting {
  const lines = new LineCounter();
  // Every one of these tools reads YAML 1.1: `500_000` is a number, `no` is false.
  const document = parseDocument(text.replace(/^\uFEFF/, ' '), {
    lineCounter: lines,
    version: '1.1',
    logLevel: 'error',
  });
  const [error] = document.errors;
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    const message = `This is not valid YAML: ${error.message.split(' at line', 1)[0]!.replace(/[.:]?\s*$/, '')}.`;
    throw new TunebookError('import/syntax', message, {
      hint: 'Correct the file and import it again.',
      location: { file, line, column: col },
    });
  }
  if (!isMap(document.contents)) {
    throw new TunebookError('import/syntax', 'This file holds no settings: its YAML is not a map.', {
      hint: 'Name the YAML file that the other tool trains from.',
      location: { file, line: 1, column: 1 },
    });
  }
  // Python's reader takes these letters for texts, as people mean them: `text_column: y`.
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'boolean' && /^[yYnN]$/.test(node.source ?? '')) node.value = node.source;
    },
  });
  // The document's own conversion refuses aliases that grow without bound.
  const plain: unknown = toPlain(document, file);
  const reader = new YamlReader(document, lines, text, isNamed ? { file } : {});
  return reader.read(document.contents, '', plain);
}

function toPlain(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TunebookError('import/syntax', `This YAML cannot be read: ${reason}.`, {
      hint: 'Write its aliases out.',
      location: { file, line: 1, column: 1 },
    });
  }
}

class YamlReader {
  readonly #document: Document;
  readonly #lines: LineCounter;
  readonly #text: string;
  readonly #place: { file?: string };

  constructor(document: Document, lines: LineCounter, text: string, place: { file?: string }) {
    this.#place = place;
    this.#document = document;
    this.#lines = lines;
    this.#text = text;
  }

  read(given: unknown, path: string, value: unknown, at?: Origin): Setting {
    const node = isAlias(given) ? given.resolve(this.#document) : given;
    const origin = at ?? this.#originOf(given);
    const text = oneLine(this.#textOf(given));
    if (!isMap(node) && !isSeq(node)) return new Setting(path, value, text, origin);
    return new Setting(path, value, text, origin, this.#children(node.items, path, value));
  }

  /** Merge keys are followed by the plain value, so what they bring has the place of the merge. */
  #children(items: readonly unknown[], path: string, value: unknown): Map<string, Setting> {
    // A name without letters is shown as YAML writes it: the whole file has no name either.
    const pathOf = (name: string) => (path === '' ? name || '""' : `${path}.${name || '""'}`);
    const children = new Map<string, Setting>();
    items.forEach((item, index) => {
      if (!isPair(item)) {
        const each: unknown = Array.isArray(value) ? value[index] : undefined;
        children.set(String(index), this.read(item, `${path}[${index}]`, each));
        return;
      }
      const name = isScalar(item.key) ? String(item.key.value) : String(item.key);
      if (hasOwn(value, name))
        children.set(name, this.read(item.value, pathOf(name), value[name], this.#originOf(item.key)));
    });
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return children;
    for (const [name, each] of Object.entries(value)) {
      if (children.has(name)) continue;
      children.set(name, new Setting(pathOf(name), each, JSON.stringify(each), this.#originOf(items[0])));
    }
    return children;
  }

  #originOf(node: unknown): Origin {
    const range = rangeOf(node) ?? (isPair(node) ? rangeOf(node.key) : undefined);
    if (!range) return { line: 1, column: 1, ...this.#place };
    const { line, col } = this.#lines.linePos(range[0]);
    return { line, column: col, ...this.#place };
  }

  #textOf(node: unknown): string {
    const range = rangeOf(node);
    return range ? this.#text.slice(range[0], range[1]) : '';
  }
}

function rangeOf(node: unknown): readonly [number, number, number] | undefined {
  const isNode = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node);
  return isNode ? (node.range ?? undefined) : undefined;
}

function hasOwn(value: unknown, name: string): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name);
}

/** A value as one short line of a message. */
export function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 60 ? `${line.slice(0, 57)}…` : line;
}
