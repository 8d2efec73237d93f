import {
  escapeSlots,
  fillText,
  pointerStep,
  slotOf,
  variablesIn,
  type RunEnvironment,
} from '../../protocol/environment.ts';
import { effective, merged } from '../effective.ts';
import { scalarAt, scalarsIn, valueAt } from '../node.ts';
import { dirname, normalizePath } from '../path.ts';
import type { Project } from '../project.ts';
import { lookup } from '../reference.ts';
import type { Kind } from '../schema/kinds.ts';
import { alternatives, childSchema, schemaOf, type FieldSchema } from '../schema/navigate.ts';
import type { MapNode, Node, ScalarNode, TuneDocument } from '../tree.ts';
import { fillSlots, meaningOf } from '../variables/slots.ts';

/** Documents that stand inside a resolved one, by the field that holds them. */
const NESTED: Readonly<Record<string, Kind>> = {
  dataset: 'dataset',
  prompt: 'prompt',
  objectives: 'objective',
};

/** Fields that are taken from another one where they are not set: see `resolve.ts`. */
const DERIVED: Readonly<Record<string, string>> = { data_seed: 'seed', eval_steps: 'logging_steps' };

/**
 * Writes resolved documents with `${env.NAME}` where a value comes from the environment. What was made of such a value since
 * (an absolute path, a pinned commit) stays around it.
 */
export class EnvironmentKeeper {
  readonly #project: Project;
  readonly #places: RunEnvironment['places'] = {};
  readonly #masked = new Set<string>();

  constructor(project: Project) {
    this.#project = project;
  }

  /** What was found; `undefined` where nothing comes from the environment. */
  get environment(): RunEnvironment | undefined {
    if (Object.keys(this.#places).length === 0) return undefined;
    return { places: this.#places, masked: [...this.#masked].sort() };
  }

  /**
   * A document that was resolved, for `run.json`.
   * @param pointer where it stands in the whole, as a JSON pointer
   */
  keep(document: TuneDocument, resolved: unknown, pointer = ''): unknown {
    const root = effective(this.#project, document);
    if (!root || !document.kind || !this.#project.environment) return resolved;
    return this.#walk(resolved, { node: root, schema: schemaOf(document.kind), pointer, root });
  }

  #walk(value: unknown, at: Place): unknown {
    if (typeof value === 'string') return this.#text(value, at);
    if (typeof value === 'number' || typeof value === 'boolean') return this.#plain(value, at);
    if (Array.isArray(value))
      return value.map((each, index) => this.#walk(each, item(at, index, value.length)));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([key, each]) => [key, this.#field(key, each, at)] as const);
    return Object.fromEntries(entries);
  }

  #field(key: string, value: unknown, at: Place): unknown {
    const pointer = at.pointer + pointerStep(key);
    const kind = NESTED[key];
    if (kind && Array.isArray(value))
      return value.map(
        (each: unknown, index) => this.#nested(kind, each, pointer + pointerStep(index)) ?? each,
      );
    const nested = kind && this.#nested(kind, value, pointer);
    if (nested !== undefined) return nested;
    const schema = at.schema && childSchema(at.schema, key);
    const own = key === 'generation' ? this.#generation(at) : valueAt(at.node, key);
    const isSet = own !== undefined && !(own.type === 'scalar' && !own.value);
    const node = isSet ? own : valueAt(at.node, DERIVED[key] ?? key);
    return this.#walk(value, { ...at, node, schema, pointer });
  }

  /** Settings of a candidate, before those of its prompt. */
  #generation({ node }: Place): Node | undefined {
    const own = valueAt(node, 'generation');
    const name = scalarAt(node, 'prompt');
    if (typeof name?.value !== 'string') return own;
    const { found } = lookup(this.#project, name.document.file, 'prompt', name.value);
    const inherited = found && valueAt(effective(this.#project, found), 'generation');
    if (own?.type !== 'map' || inherited?.type !== 'map') return own ?? inherited;
    return { ...own, entries: [...inherited.entries, ...own.entries] };
  }

  /** A document in place of its name. */
  #nested(kind: Kind, value: unknown, pointer: string): unknown {
    if (typeof value !== 'object' || value === null || !('name' in value) || !('file' in value))
      return undefined;
    const { name, file } = value;
    const documents = typeof file === 'string' ? this.#project.files.get(file)?.documents : undefined;
    const found = documents?.find((each) => each.kind === kind && each.name === name);
    return found && this.keep(found, value, pointer);
  }

  #plain(value: number | boolean, at: Place): unknown {
    const { node, pointer } = at;
    if (node?.type !== 'scalar' || node.value !== value) return value;
    const template = this.#template(node, at.root);
    if (variablesIn(template).length === 0) return value;
    this.#places[pointer] = typeof value === 'number' ? 'number' : 'boolean';
    return template;
  }

  #text(value: string, at: Place): unknown {
    const scalars = at.node ? [...scalarsIn(at.node)] : [];
    const written = scalars.map((node) => ({ node, template: this.#template(node, at.root) }));
    const from = written.filter(({ template }) => variablesIn(template).length > 0);
    if (from.length === 0) return value;
    const env = this.#project.environment ?? {};
    const templates = from.flatMap(({ node, template }) => [
      template,
      `${dirname(node.document.file.path)}/${template}`,
    ]);
    const names = new Set(from.flatMap(({ template }) => variablesIn(template)));
    const kept =
      templates.find((each) => fillText(each, env) === value) ??
      templates.find((each) => normalizePath(fillText(each, env)) === value) ??
      this.#replaceValues(value, [...names]);
    const used = variablesIn(kept);
    if (used.length === 0) return value;
    this.#places[at.pointer] = 'text';
    if (!at.schema || alternatives(at.schema).some((each) => !each.enum && each.const === undefined))
      for (const name of used) this.#masked.add(name);
    return kept;
  }

  /** A text that was made of values, with names in place of them; the longest first. */
  #replaceValues(text: string, names: string[]): string {
    const values = names.flatMap((name) => {
      const value = this.#project.environment?.[name];
      return value ? [{ value, name }] : [];
    });
    values.sort((a, b) => b.value.length - a.value.length);
    for (const { value, name } of values) {
      const parts = text.split(value);
      if (parts.length > 1) return parts.map((part) => this.#replaceValues(part, names)).join(slotOf(name));
    }
    return escapeSlots(text);
  }

  /** A text with its variables filled in, but for those of the environment. */
  #template(node: ScalarNode, root: MapNode, seen: readonly string[] = []): string {
    const { written } = node;
    const text = written ?? String(node.value);
    if (written === undefined && seen.length === 0) return escapeSlots(text);
    const filled = fillSlots(text, (slot) => {
      const meaning = meaningOf(slot.expression);
      if (meaning?.of === 'env') return marked(meaning.name);
      if (meaning?.of === 'workspace')
        return this.#project.workspaceOf?.(root.document.file.path) ?? slot.text;
      const name = meaning?.name ?? '';
      const entry = seen.includes(name) ? undefined : this.#variable(name, node, root);
      // A variable may hold another one: its text is filled before it is put in.
      return entry?.type === 'scalar' ? toMarks(this.#template(entry, root, [...seen, name])) : slot.text;
    });
    return fromMarks(filled ?? text);
  }

  #variable(name: string, node: ScalarNode, root: MapNode): Node | undefined {
    const own = valueAt(merged(this.#project, root.document), 'vars', name);
    return own ?? valueAt(merged(this.#project, node.document), 'vars', name);
  }
}

/** Where the walk through a resolved document is. */
interface Place {
  /** What was written there. */
  node: Node | undefined;
  schema: FieldSchema | undefined;
  pointer: string;
  /** The document that the value belongs to, with what it inherits. */
  root: MapNode;
}

/** One file may have been written where a list stands, and a pattern may have become many files. */
function item(at: Place, index: number, length: number): Place {
  const { node } = at;
  const items = node?.type === 'seq' && node.items.length === length ? node.items : undefined;
  const schema = at.schema && (childSchema(at.schema, 0) ?? at.schema);
  return { ...at, node: items ? items[index] : node, schema, pointer: at.pointer + pointerStep(index) };
}

// Characters of the private use area keep variables apart from texts that look like one.
const [OPEN, CLOSE] = ['\u{F0000}', '\u{F0001}'];

function marked(name: string): string {
  return OPEN + name + CLOSE;
}

function toMarks(template: string): string {
  return fillText(template, new Proxy({}, { get: (_, name) => marked(String(name)) }));
}

function fromMarks(text: string): string {
  return escapeSlots(text).replaceAll(new RegExp(`${OPEN}(.*?)${CLOSE}`, 'gu'), (_, name: string) =>
    slotOf(name),
  );
}
