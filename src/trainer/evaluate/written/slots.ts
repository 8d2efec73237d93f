import { Template } from '@huggingface/jinja';
import { TunebookError } from '../../../protocol/error.ts';
import { list } from '../../data/problem.ts';
import type { SourceRow } from '../../data/read.ts';
import { isObject } from '../../data/tokenizer/json.ts';

/** A Jinja template of a prompt, with the names of the columns that it reads. */
export class SlotTemplate {
  readonly slots: readonly string[];
  readonly #template: Template;
  readonly #where: { readonly prompt: string; readonly file: string };

  /**
   * @param where the prompt and its config file, for messages
   * @throws TunebookError `evaluate/bad-prompt` for what is no Jinja
   */
  constructor(source: string, where: { readonly prompt: string; readonly file: string }) {
    this.#where = where;
    try {
      this.#template = new Template(source);
      this.slots = [...freeNames(this.#template.parsed)];
    } catch (cause) {
      throw this.#problem('cannot be read as Jinja', cause);
    }
  }

  /**
   * The text for a row.
   * @throws TunebookError `evaluate/missing-slot` where the row lacks a column, `evaluate/bad-prompt`
   */
  render(row: SourceRow): string {
    for (const slot of this.slots) {
      const value = row.values[slot];
      if (value === undefined || value === null) throw this.#missing(slot, row);
    }
    try {
      return this.#template.render(row.values);
    } catch (cause) {
      throw this.#problem(`cannot be filled with line ${row.line} of ${row.file}`, cause);
    }
  }

  #missing(slot: string, { values, file, line }: SourceRow): TunebookError {
    const { prompt } = this.#where;
    const what =
      slot in values
        ? `has nothing in its column "${slot}"`
        : `has no column "${slot}"; it has ${list(Object.keys(values), 12)}`;
    return new TunebookError(
      'evaluate/missing-slot',
      `The prompt "${prompt}" has a slot {{ ${slot} }}, and line ${line} of ${file} ${what}.`,
      {
        hint: `Correct the name in the prompt "${prompt}" of ${this.#where.file}, or the row.`,
        location: { file, line },
      },
    );
  }

  #problem(what: string, cause: unknown): TunebookError {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const { prompt, file } = this.#where;
    return new TunebookError('evaluate/bad-prompt', `The prompt "${prompt}" ${what}: ${reason}`, {
      cause,
      hint: 'A slot is written {{ column }}; correct the prompt.',
      location: { file },
    });
  }
}

/** What Jinja itself knows by name. */
const BUILT_IN = [
  'range',
  'namespace',
  'strftime_now',
  'raise_exception',
  'loop',
  'true',
  'false',
  'none',
  'True',
  'False',
  'None',
];

/** The names that a template reads and does not make itself, without those that it asks for whether they are there. */
export function freeNames(program: unknown): Set<string> {
  const [read, made] = [new Set<string>(), new Set(BUILT_IN)];
  visit(
    program,
    (name) => read.add(name),
    (name) => made.add(name),
  );
  return new Set([...read].filter((name) => !made.has(name)));
}

function visit(node: unknown, onRead: (name: string) => void, onMade: (name: string) => void): void {
  if (Array.isArray(node)) {
    for (const each of node) visit(each, onRead, onMade);
    return;
  }
  if (!isObject(node)) return;
  const { type } = node;
  if (type === 'Identifier') {
    onRead(String(node['value']));
    return;
  }
  for (const [key, child] of Object.entries(node)) {
    const isName =
      (type === 'FilterExpression' && key === 'filter') ||
      (type === 'TestExpression' && key === 'test') ||
      (type === 'MemberExpression' && key === 'property' && node['computed'] !== true) ||
      (type === 'KeywordArgumentExpression' && key === 'key');
    const isMade =
      ['loopvar', 'assignee', 'name', 'args'].includes(key) && ['For', 'Set', 'Macro'].includes(String(type));
    if (isMade) visit(child, onMade, onMade);
    else if (!isName) visit(child, onRead, onMade);
  }
  // `{% if name is defined %}`: the template copes with its absence.
  if (type === 'TestExpression' && isObject(node['test']) && node['test']['value'] === 'defined')
    visit(node['operand'], onMade, onMade);
}
