import { LineIndex } from '../lines.ts';
import { argumentsOf, parsePython, type SyntaxNode } from './python-tree.ts';
import { PythonValues } from './python-values.ts';
import { oneLine } from './read-yaml.ts';
import { Setting } from './settings.ts';

/** One call in a script, with its arguments as settings. */
export interface PythonCall {
  /** What is called: `TrainingArguments`, `AutoModelForCausalLM.from_pretrained`. */
  name: string;
  /** Arguments by keyword, and by position under `0`, `1`, …. */
  settings: Setting;
}

/** The calls of a script. */
export interface PythonScript {
  calls: PythonCall[];
  /** Whether some of the values are those that its command line has where nothing else is given. */
  usesDefaults: boolean;
}

/**
 * Reads every call of a Python script, in its order, but for branches that are never taken. Values are those that stand there:
 * see {@link PythonValues}.
 */
export function readPython(text: string): PythonScript {
  const tree = parsePython(text);
  const values = new PythonValues(text, tree.topNode);
  const reader = new CallReader(text, values);
  const calls: PythonCall[] = [];
  tree.iterate({
    enter: ({ node }) => {
      if (node.name === 'Body' && values.isDead(node)) return false;
      if (node.name === 'AssignStatement' || node.name === 'UpdateStatement') values.remember(node);
      if (node.name === 'CallExpression') calls.push(reader.read(node));
      return true;
    },
  });
  return { calls, usesDefaults: values.usesDefaults };
}

class CallReader {
  readonly #values: PythonValues;
  readonly #lines: LineIndex;

  constructor(text: string, values: PythonValues) {
    this.#values = values;
    this.#lines = new LineIndex(text);
  }

  read(node: SyntaxNode): PythonCall {
    const callee = node.firstChild;
    const name = callee ? this.#values.textOf(callee).replace(/\s+/g, '') : '';
    const last = name.split('.').at(-1) ?? name;
    const children = new Map<string, Setting>();
    let position = 0;
    for (const { key, value, spread } of argumentsOf(node.getChild('ArgList'))) {
      const known = this.#values.evaluate(value);
      if (spread === '**' && typeof known === 'object' && known !== null && !Array.isArray(known)) {
        for (const [label, each] of Object.entries(known))
          children.set(
            label,
            new Setting(`${last}.${label}`, each, oneLine(JSON.stringify(each)), this.#originOf(value)),
          );
        continue;
      }
      const text = this.#values.textOf(value);
      const label = spread
        ? `${spread}${oneLine(text)}`
        : key
          ? this.#values.textOf(key)
          : String(position++);
      children.set(
        label,
        new Setting(
          `${last}.${label}`,
          spread ? undefined : known,
          oneLine(text),
          this.#originOf(key ?? value),
        ),
      );
    }
    const settings = new Setting(
      name,
      Object.fromEntries([...children].map(([key, { value }]) => [key, value])),
      name,
      this.#originOf(node),
      children,
    );
    return { name, settings };
  }

  #originOf(node: SyntaxNode): { line: number; column: number } {
    const { line, column } = this.#lines.position(node.from);
    return { line, column };
  }
}
