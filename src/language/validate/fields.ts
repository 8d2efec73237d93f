import { ancestry, effective } from '../effective.ts';
import { entryOf, hasUnresolved, toValue, valueAt } from '../node.ts';
import { once, type Made } from '../once.ts';
import { wholeOf, type Project } from '../project.ts';
import { childSchema, schemaOf, type FieldSchema } from '../schema/navigate.ts';
import type { Entry, MapNode, Node, TuneDocument } from '../tree.ts';
import { brokenSections } from './broken-sections.ts';
import { checkValue } from './structure.ts';
import { meantPaths } from './unknown-field.ts';

/** What is read of a document once, and shared by all who look at its fields. */
interface Reading {
  root: MapNode | undefined;
  meant: ReadonlySet<string>;
  broken: ReadonlySet<string> | 'all';
  values: Map<string, unknown>;
}

const readings: Made<Reading> = new WeakMap();

function read(project: Project, document: TuneDocument): Reading {
  const root = effective(project, document);
  const schema = document.kind ? schemaOf(document.kind) : {};
  return {
    root,
    meant: root ? meantPaths(root, schema) : new Set(),
    broken: brokenSections(project, document),
    values: new Map(),
  };
}

/**
 * A document's fields with what it inherits, as far as they are certain. A value that is wrong is not known, and nor is
 * one that seems left out while a line is broken or a misspelt field may mean it: one mistake gives one diagnostic.
 */
export class Fields {
  readonly document: TuneDocument;
  readonly root: Node | undefined;
  readonly #schema: FieldSchema;
  readonly #reading: Reading;

  constructor(project: Project, document: TuneDocument) {
    if (project.view) ancestry(project, document);
    this.#reading = once(readings, project, document, () => read(wholeOf(project), document));
    this.document = document;
    this.root = this.#reading.root;
    this.#schema = document.kind ? schemaOf(document.kind) : {};
  }

  /** The entry under a path, where its value is known and not null. */
  entry(...path: string[]): Entry | undefined {
    const found = entryOf(
      path.length > 1 ? valueAt(this.root, ...path.slice(0, -1)) : this.root,
      path.at(-1) ?? '',
    );
    if (found?.value.type !== 'scalar') return found;
    return found.value.value === null || found.value.unresolved ? undefined : found;
  }

  /** The node of a value that is there. */
  node(...path: string[]): Node | undefined {
    return this.entry(...path)?.value;
  }

  /** Whether a field is certainly left out. */
  isUnset(...path: string[]): boolean {
    return !this.node(...path) && !this.#isUnresolved(path) && !this.#isDoubtful(path);
  }

  /** The value under a path, or its default; `undefined` where neither is known. */
  value(...path: string[]): unknown {
    const key = path.join('\0');
    const { values } = this.#reading;
    if (!values.has(key)) values.set(key, this.#read(path));
    return values.get(key);
  }

  #read(path: string[]): unknown {
    const schema = this.#schemaAt(path);
    const node = this.node(...path);
    if (!schema) return undefined;
    if (node) {
      return checkValue(node, schema, path).length === 0 && !hasUnresolved(node) ? toValue(node) : undefined;
    }
    return this.#isUnresolved(path) || this.#isDoubtful(path) ? undefined : schema.default;
  }

  number(...path: string[]): number | undefined {
    const value = this.value(...path);
    return typeof value === 'number' ? value : undefined;
  }

  string(...path: string[]): string | undefined {
    const value = this.value(...path);
    return typeof value === 'string' ? value : undefined;
  }

  /** A list of texts, or one text as a list. */
  strings(...path: string[]): string[] | undefined {
    const value = this.value(...path);
    const list = Array.isArray(value) ? value : [value];
    const texts = list.flatMap((each) => (typeof each === 'string' ? [each] : []));
    return texts.length === list.length ? texts : undefined;
  }

  /** Whether a `${…}` stands there whose value nobody knows. */
  #isUnresolved(path: readonly string[]): boolean {
    const node = valueAt(this.root, ...path);
    return node !== undefined && hasUnresolved(node);
  }

  #isDoubtful(path: readonly string[]): boolean {
    const { broken, meant } = this.#reading;
    return (
      broken === 'all' ||
      broken.has(path[0] ?? '') ||
      path.some((_, index) => meant.has(path.slice(0, index + 1).join('.')))
    );
  }

  #schemaAt(path: readonly string[]): FieldSchema | undefined {
    return path.reduce<FieldSchema | undefined>(
      (schema, name) => schema && childSchema(schema, name),
      this.#schema,
    );
  }
}
