import { nearest } from '../nearest.ts';
import { entryOf } from '../node.ts';
import type { Project } from '../project.ts';
import type { Entry, MapNode, Node, ScalarNode, TuneDocument } from '../tree.ts';
import { fillSlots, meaningOf, slotsOf, type Slot } from './slots.ts';

/** A value that a variable can hold: a scalar, or a list of scalars. */
export type VariableValue = ScalarNode['value'] | readonly ScalarNode['value'][];

/** What a slot stands for, or why it stands for nothing. */
export type SlotValue =
  | { value: VariableValue; from: 'vars' | 'env' | 'workspace' }
  | { value?: undefined; reason: 'malformed' | 'unknown' | 'unset' | 'cycle' | 'unfit'; near?: string }
  /** Nobody here can tell: another process has another environment. */
  | { value?: undefined; reason: 'not-known' };

/** The variables that the texts of a document are filled with: its own `vars`, those that it inherits, and the environment. */
export class Scope {
  readonly #vars: readonly Entry[];
  readonly #project: Project;
  readonly #document: TuneDocument;
  readonly #values = new Map<string, SlotValue>();
  readonly #open = new Set<string>();

  /** @param root the document with what it inherits, as it is written */
  constructor(project: Project, document: TuneDocument, root: MapNode) {
    const vars = entryOf(root, 'vars')?.value;
    this.#vars = vars?.type === 'map' ? vars.entries : [];
    this.#project = project;
    this.#document = document;
  }

  /** The names of its variables. */
  get names(): string[] {
    return [...new Set(this.#vars.map(({ name }) => name))];
  }

  /** What a slot stands for. */
  valueOf(slot: Slot): SlotValue {
    const meaning = meaningOf(slot.expression);
    if (!meaning) return this.#malformed(slot.expression);
    if (meaning.of === 'vars') return this.#variable(meaning.name);
    if (meaning.of === 'workspace') {
      const folder = this.#project.workspaceOf?.(this.#document.file.path);
      return folder === undefined ? { reason: 'not-known' } : { value: folder, from: 'workspace' };
    }
    const { environment } = this.#project;
    if (!environment) return { reason: 'not-known' };
    const value = environment[meaning.name];
    return value === undefined ? { reason: 'unset' } : { value, from: 'env' };
  }

  /** The text after substitution; `undefined` where a slot has no value, or one that is a list. */
  fill(text: string): string | undefined {
    return fillSlots(text, (slot) => {
      const { value } = this.valueOf(slot);
      return value === undefined || value === null || isList(value) ? undefined : String(value);
    });
  }

  #malformed(expression: string): SlotValue {
    const near = this.names.includes(expression) ? `vars.${expression}` : undefined;
    return { reason: 'malformed', ...(near !== undefined && { near }) };
  }

  #variable(name: string): SlotValue {
    const known = this.#values.get(name);
    if (known) return known;
    if (this.#open.has(name)) return { reason: 'cycle' };
    const entry = this.#vars.findLast((each) => each.name === name);
    if (!entry) {
      const near = nearest(name, this.names);
      return { reason: 'unknown', ...(near !== undefined && { near: `vars.${near}` }) };
    }
    this.#open.add(name);
    const found = this.#evaluate(entry.value);
    this.#open.delete(name);
    this.#values.set(name, found);
    return found;
  }

  #evaluate(node: Node): SlotValue {
    if (node.type === 'map') return { reason: 'unfit' };
    if (node.type === 'scalar') return this.#evaluateScalar(node);
    const items: ScalarNode['value'][] = [];
    for (const item of node.items) {
      const found: SlotValue = item.type === 'scalar' ? this.#evaluateScalar(item) : { reason: 'unfit' };
      if (found.value === undefined) return found;
      if (isList(found.value)) return { reason: 'unfit' };
      items.push(found.value);
    }
    return { value: items, from: 'vars' };
  }

  #evaluateScalar({ value }: ScalarNode): SlotValue {
    if (typeof value !== 'string') return { value, from: 'vars' };
    const slots = slotsOf(value);
    const [only] = slots;
    if (only?.text === value) return this.valueOf(only);
    for (const slot of slots) {
      const found = this.valueOf(slot);
      if (found.value === undefined) return found;
    }
    const text = this.fill(value);
    return text === undefined ? { reason: 'unfit' } : { value: text, from: 'vars' };
  }
}

/** Whether the value of a variable is a list. */
export function isList(value: VariableValue): value is readonly ScalarNode['value'][] {
  return Array.isArray(value);
}
