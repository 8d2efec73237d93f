import { Environment, Interpreter, parse, tokenize } from '@huggingface/jinja';
import { TunebookError } from '../../../protocol/error.ts';
import { list } from '../../data/problem.ts';
import type { SourceRow } from '../../data/read.ts';
import { isObject } from '../../data/tokenizer/json.ts';
import { freeNames } from '../written/slots.ts';

/** A value within a template; of lists and maps it holds values again. */
interface Held {
  readonly type: string;
  readonly value: unknown;
  readonly builtins?: ReadonlyMap<string, unknown>;
}

/**
 * A template of a benchmark: the name of a column, or Jinja as lm-evaluation-harness's `apply_template` reads it: no lines are trimmed, the
 * newline at the end is kept, and an unknown name is an error.
 */
export class TaskTemplate {
  readonly #source: string;
  readonly #program: ReturnType<typeof parse>;
  readonly #slots: readonly string[];
  readonly #where: { readonly field: string; readonly file: string };

  /** @throws TunebookError `evaluate/bad-benchmark` for what is no Jinja */
  constructor(source: string, where: { readonly field: string; readonly file: string }) {
    this.#source = source;
    this.#where = where;
    try {
      // The package drops one newline at the end.
      this.#program = parse(tokenize(source.endsWith('\n') ? `${source}\n` : source));
    } catch (cause) {
      throw this.#problem('cannot be read as Jinja', cause);
    }
    this.#slots = [...freeNames(this.#program)];
  }

  /** What a row makes of it; a template that is a single `{{ expression }}` may give a number or a list. */
  value(row: SourceRow): unknown {
    if (Object.hasOwn(row.values, this.#source)) return row.values[this.#source];
    const environment = this.#environment(row);
    try {
      const interpreter = new Interpreter(environment);
      const { body } = this.#program;
      const [only] = body;
      const isExpression = body.length === 1 && only !== undefined && /^\s*\{\{/.test(this.#source);
      return isExpression
        ? plain(interpreter.evaluate(only, environment))
        : plain(interpreter.run(this.#program));
    } catch (cause) {
      throw this.#problem(`cannot be filled with line ${row.line} of ${row.file}`, cause);
    }
  }

  /** What a row makes of it, as a text. */
  text(row: SourceRow): string {
    const value = this.value(row);
    return typeof value === 'string' ? value : String(value);
  }

  #environment(row: SourceRow): Environment {
    for (const slot of this.#slots) if (!Object.hasOwn(row.values, slot)) throw this.#missing(slot, row);
    const environment = new Environment();
    for (const [name, value] of Object.entries(row.values)) environment.set(name, value);
    for (const name of Object.keys(row.values)) giveIndex(environment.lookupVariable(name));
    return environment;
  }

  #missing(slot: string, { values, file, line }: SourceRow): TunebookError {
    return new TunebookError(
      'evaluate/missing-slot',
      `\`${this.#where.field}\` of the benchmark reads "${slot}", and line ${line} of ${file} has no such column; it has ${list(Object.keys(values), 12)}.`,
      { hint: `Correct the name in ${this.#where.file}, or the row.`, location: { file, line } },
    );
  }

  #problem(what: string, cause: unknown): TunebookError {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const { field, file } = this.#where;
    return new TunebookError('evaluate/bad-benchmark', `\`${field}\` of the benchmark ${what}: ${reason}`, {
      cause,
      hint: 'A column is written {{ column }}; correct the template.',
      location: { file },
    });
  }
}

/** Gives lists Python's `index`, which tasks use to find the right choice, and the package does not have. */
function giveIndex(held: Held): void {
  if (held.type === 'ArrayValue' && Array.isArray(held.value)) {
    const items: unknown[] = held.value;
    const texts = items.map(plain);
    const own = new Environment();
    own.set('index', (wanted: unknown) => {
      const place = texts.indexOf(wanted);
      if (place < 0) throw new Error(`${JSON.stringify(wanted)} is not in the list`);
      return place;
    });
    if (held.builtins instanceof Map) held.builtins.set('index', own.lookupVariable('index'));
    for (const item of items) if (isHeld(item)) giveIndex(item);
  } else if (held.type === 'ObjectValue' && held.value instanceof Map) {
    for (const item of held.value.values()) if (isHeld(item)) giveIndex(item);
  }
}

function isHeld(value: unknown): value is Held {
  return isObject(value) && typeof value['type'] === 'string' && 'value' in value;
}

/** A value of a template as JSON has it. */
function plain(value: unknown): unknown {
  if (!isHeld(value)) return value;
  if (Array.isArray(value.value)) return value.value.map(plain);
  if (value.value instanceof Map)
    return Object.fromEntries([...value.value].map(([name, each]) => [String(name), plain(each)]));
  return value.value;
}
