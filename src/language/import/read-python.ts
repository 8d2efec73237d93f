import { parser } from '@lezer/python';
import { LineIndex } from '../lines.ts';
import { oneLine } from './read-yaml.ts';
import { Setting } from './settings.ts';

type SyntaxNode = ReturnType<typeof parser.parse>['topNode'];

/** One call in a script, with its arguments as settings. */
export interface PythonCall {
  /** What is called: `TrainingArguments`, `AutoModelForCausalLM.from_pretrained`. */
  name: string;
  /** Arguments by keyword, and by position under `0`, `1`, …. */
  settings: Setting;
}

/**
 * Reads every call of a Python script, in its order. Values are those that stand there: numbers, texts, lists, what is
 * computed of them, and names that such a value was given to. Everything else only running the script would tell.
 */
export function readPythonCalls(text: string): PythonCall[] {
  return new ScriptReader(text).calls();
}

class ScriptReader {
  readonly #text: string;
  readonly #lines: LineIndex;
  readonly #names = new Map<string, unknown>();

  constructor(text: string) {
    this.#text = text;
    this.#lines = new LineIndex(text);
  }

  calls(): PythonCall[] {
    const calls: PythonCall[] = [];
    parser.parse(this.#text).iterate({
      enter: ({ node }) => {
        if (node.name === 'AssignStatement') this.#remember(node);
        if (node.name === 'CallExpression') calls.push(this.#readCall(node));
      },
    });
    return calls;
  }

  /** A name that is given a value twice has whichever stands last before it is used. */
  #remember(node: SyntaxNode): void {
    const target = node.firstChild;
    if (target?.name !== 'VariableName' || !node.lastChild) return;
    this.#names.set(this.#textOf(target), this.#evaluate(node.lastChild));
  }

  #readCall(node: SyntaxNode): PythonCall {
    const callee = node.firstChild;
    const name = callee ? this.#textOf(callee).replace(/\s+/g, '') : '';
    const children = new Map<string, Setting>();
    let position = 0;
    for (const { key, value } of this.#argumentsOf(node.getChild('ArgList'))) {
      const label = key ? this.#textOf(key) : String(position++);
      children.set(label, this.#setting(`${name.split('.').at(-1)}.${label}`, value, key ?? value));
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

  #argumentsOf(list: SyntaxNode | null): { key: SyntaxNode | undefined; value: SyntaxNode }[] {
    const found: { key: SyntaxNode | undefined; value: SyntaxNode }[] = [];
    let key: SyntaxNode | undefined;
    for (let child = list?.firstChild ?? null; child; child = child.nextSibling) {
      if (['(', ')', ',', 'Comment'].includes(child.name)) continue;
      if (child.name === 'AssignOp') {
        key = found.pop()?.value;
        continue;
      }
      found.push({ key, value: child });
      key = undefined;
    }
    return found;
  }

  #setting(path: string, node: SyntaxNode, at: SyntaxNode): Setting {
    return new Setting(path, this.#evaluate(node), oneLine(this.#textOf(node)), this.#originOf(at));
  }

  #originOf(node: SyntaxNode): { line: number; column: number } {
    const { line, column } = this.#lines.position(node.from);
    return { line, column };
  }

  #textOf(node: SyntaxNode): string {
    return this.#text.slice(node.from, node.to);
  }

  /** The value of an expression; `undefined` for what is not known. */
  #evaluate(node: SyntaxNode): unknown {
    const text = this.#textOf(node);
    switch (node.name) {
      case 'Number':
        return Number(text.replaceAll('_', ''));
      case 'String':
        return readString(text);
      case 'ContinuedString':
        return this.#join(node);
      case 'Boolean':
        return text === 'True';
      case 'None':
        return null;
      case 'VariableName':
        return this.#names.get(text);
      case 'ParenthesizedExpression':
        return node.firstChild?.nextSibling ? this.#evaluate(node.firstChild.nextSibling) : undefined;
      case 'UnaryExpression':
        return this.#negate(node);
      case 'BinaryExpression':
        return this.#compute(node);
      case 'DictionaryExpression':
        return this.#entries(node);
      case 'ArrayExpression':
      case 'TupleExpression':
        return this.#items(node);
      default:
        return undefined;
    }
  }

  #items(node: SyntaxNode): unknown[] | undefined {
    const items: unknown[] = [];
    for (let child = node.firstChild; child; child = child.nextSibling) {
      if (!/^[[\](),]$/.test(child.name) && child.name !== 'Comment') items.push(this.#evaluate(child));
    }
    return items.includes(undefined) ? undefined : items;
  }

  #entries(node: SyntaxNode): Record<string, unknown> | undefined {
    const parts: SyntaxNode[] = [];
    for (let child = node.firstChild; child; child = child.nextSibling)
      if (!/^[{}:,]$/.test(child.name) && child.name !== 'Comment') parts.push(child);
    const entries = Object.fromEntries(
      parts.flatMap((key, i) =>
        i % 2 === 0 ? [[String(this.#evaluate(key)), parts[i + 1] && this.#evaluate(parts[i + 1]!)]] : [],
      ),
    );
    return Object.values(entries).includes(undefined) ? undefined : entries;
  }

  #join(node: SyntaxNode): string | undefined {
    const parts = node.getChildren('String').map((child) => this.#evaluate(child));
    return parts.every((part) => typeof part === 'string') ? parts.join('') : undefined;
  }

  #negate(node: SyntaxNode): number | undefined {
    const value = node.lastChild ? this.#evaluate(node.lastChild) : undefined;
    return typeof value === 'number' && this.#textOf(node).startsWith('-') ? -value : undefined;
  }

  #compute(node: SyntaxNode): unknown {
    const { firstChild: left, lastChild: right } = node;
    const operator = left?.nextSibling ? this.#textOf(left.nextSibling) : '';
    const a = left ? this.#evaluate(left) : undefined;
    const b = right ? this.#evaluate(right) : undefined;
    if (typeof a !== 'number' || typeof b !== 'number') return undefined;
    return Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator]?.(a, b) : undefined;
  }
}

const OPERATORS: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '//': (a, b) => Math.floor(a / b),
  '**': (a, b) => a ** b,
};

/** A Python text that is no pattern for others: those with `f` in front are made while the script runs. */
function readString(text: string): string | undefined {
  const match = /^([a-zA-Z]*)("""|'''|"|')([\s\S]*)\2$/.exec(text);
  if (!match) return undefined;
  const [, prefix = '', , body = ''] = match;
  if (/[fb]/i.test(prefix)) return undefined;
  if (/r/i.test(prefix)) return body;
  return body.replace(
    /\\(\n|[\\'"ntr])/g,
    (_, each: string) => ({ n: '\n', t: '\t', r: '\r', '\n': '' })[each] ?? each,
  );
}
