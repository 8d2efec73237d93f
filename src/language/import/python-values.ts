import { argumentsOf, assignmentOf, conditionsOf, functionWith, type SyntaxNode } from './python-tree.ts';

/** Calls within calls whose arguments are followed, at most. */
const DEPTH = 8;

/** What the values of a script's command line are kept in, as people call it. */
const OPTIONS = /^(\w*args|opts?|options|\w*config|cfg|hparams)$/;

/**
 * What the expressions of a script stand for: numbers, texts, lists, what is computed of them, names that such a value was
 * given to, parameters that one call gives such a value, and the defaults of the command line. Everything else only running
 * the script would tell: `undefined`.
 */
export class PythonValues {
  readonly #text: string;
  readonly #names = new Map<string, unknown>();
  readonly #options = new Map<string, unknown>();
  readonly #calls = new Map<string, SyntaxNode[]>();
  /** Whether a default of the command line was asked for. */
  usesDefaults = false;

  constructor(text: string, root: SyntaxNode) {
    this.#text = text;
    root.cursor().iterate(({ node }) => {
      if (node.name === 'CallExpression') this.#noteCall(node);
      if (node.name === 'AssignStatement' && isField(node)) this.#noteField(node);
    });
  }

  textOf(node: SyntaxNode): string {
    return this.#text.slice(node.from, node.to);
  }

  /** A name that is given a value twice has whichever stands last before it is used. */
  remember(node: SyntaxNode): void {
    const assigned = assignmentOf(node);
    if (assigned && !isField(node)) {
      this.#names.set(this.textOf(assigned.name), this.evaluate(assigned.value));
      return;
    }
    for (let child = node.firstChild; child && !/Op$/.test(child.name); child = child.nextSibling)
      if (child.name === 'VariableName') this.#names.delete(this.textOf(child));
  }

  /** Whether a branch of an `if` is known not to be taken. */
  isDead(body: SyntaxNode): boolean {
    if (body.parent?.name !== 'IfStatement') return false;
    const { before, own } = conditionsOf(body);
    return before.some((each) => this.#truth(each) === true) || (own && this.#truth(own)) === false;
  }

  #noteCall(node: SyntaxNode): void {
    const name = node.firstChild ? this.textOf(node.firstChild) : '';
    this.#calls.set(name, [...(this.#calls.get(name) ?? []), node]);
    if (!name.endsWith('.add_argument')) return;
    const given = argumentsOf(node.getChild('ArgList'));
    const named = (key: string) => given.find((each) => each.key && this.textOf(each.key) === key)?.value;
    const flags = given.flatMap(({ key, value }) => (key ? [] : [this.evaluate(value)]));
    const flag = flags.find((each): each is string => typeof each === 'string' && each.startsWith('--'));
    const [dest, action, usual] = [named('dest'), named('action'), named('default')];
    const option = dest ? this.evaluate(dest) : flag?.slice(2).replaceAll('-', '_');
    if (typeof option !== 'string') return;
    const does = action && this.evaluate(action);
    const value = usual
      ? this.evaluate(usual)
      : does === 'store_true'
        ? false
        : does === 'store_false'
          ? true
          : undefined;
    this.#options.set(option, value);
  }

  /** A field of a class, as `HfArgumentParser` makes options of. */
  #noteField(node: SyntaxNode): void {
    const assigned = assignmentOf(node);
    if (!assigned) return;
    const { name, value } = assigned;
    const isCall =
      value.name === 'CallExpression' && value.firstChild && this.textOf(value.firstChild) === 'field';
    const usual = isCall
      ? argumentsOf(value.getChild('ArgList')).find(({ key }) => key && this.textOf(key) === 'default')?.value
      : value;
    if (usual) this.#options.set(this.textOf(name), this.evaluate(usual));
  }

  /** The value of an expression; `undefined` for what is not known. */
  evaluate(node: SyntaxNode, depth = 0): unknown {
    const text = this.textOf(node);
    const inner = (each: SyntaxNode) => this.evaluate(each, depth);
    switch (node.name) {
      case 'Number':
        return numberOf(text);
      case 'String':
        return readString(text);
      case 'ContinuedString':
        return joined(node.getChildren('String').map(inner));
      case 'Boolean':
        return text === 'True';
      case 'None':
        return null;
      case 'VariableName':
        return this.#valueOf(text, node, depth);
      case 'MemberExpression':
        return this.#member(node);
      case 'ParenthesizedExpression':
        return node.firstChild?.nextSibling ? inner(node.firstChild.nextSibling) : undefined;
      case 'UnaryExpression':
        return this.#unary(node, depth);
      case 'BinaryExpression':
        return this.#compute(node, depth);
      case 'ConditionalExpression':
        return this.#choose(node, depth);
      case 'DictionaryExpression':
        return this.#entries(node, depth);
      case 'ArrayExpression':
      case 'TupleExpression':
        return this.#items(node, depth);
      default:
        return undefined;
    }
  }

  #valueOf(name: string, node: SyntaxNode, depth: number): unknown {
    const around = functionWith(node, name, this.#text);
    const called = around?.getChild('VariableName');
    // The cells of a notebook that became a script are functions called `_`; they pass names on as they are.
    if (!around || (called && this.textOf(called) === '_')) return this.#names.get(name);
    if (!called || depth > DEPTH) return undefined;
    const parameters = argumentsOf(around.getChild('ParamList'));
    const index = parameters.findIndex(({ key, value }) => this.textOf(key ?? value) === name);
    const calls = this.#calls.get(this.textOf(called)) ?? [];
    if (calls.length > 1) return undefined;
    const given = argumentsOf(calls[0]?.getChild('ArgList') ?? null);
    if (given.some(({ spread }) => spread !== undefined)) return undefined;
    const argument =
      given.find(({ key }) => key && this.textOf(key) === name) ??
      (given[index]?.key ? undefined : given[index]);
    if (argument) return this.evaluate(argument.value, depth + 1);
    const parameter = parameters[index];
    return parameter?.key ? this.evaluate(parameter.value, depth + 1) : undefined;
  }

  /** `args.lr`, and the types of PyTorch by their names. */
  #member(node: SyntaxNode): unknown {
    const { firstChild: object, lastChild: property } = node;
    if (object?.name !== 'VariableName' || property?.name !== 'PropertyName') return undefined;
    const [owner, name] = [this.textOf(object), this.textOf(property)];
    if (owner === 'torch' && /^(float|bfloat|int)\d+$/.test(name)) return name;
    if (!OPTIONS.test(owner)) return undefined;
    const value = this.#options.get(name);
    if (value !== undefined) this.usesDefaults = true;
    return value;
  }

  #truth(node: SyntaxNode, depth = 0): boolean | undefined {
    const value = this.evaluate(node, depth);
    return value === undefined ? undefined : Array.isArray(value) ? value.length > 0 : Boolean(value);
  }

  #choose(node: SyntaxNode, depth: number): unknown {
    const parts: SyntaxNode[] = [];
    for (let child = node.firstChild; child; child = child.nextSibling)
      if (child.name !== 'if' && child.name !== 'else') parts.push(child);
    const [yes, condition, no] = parts;
    const truth = condition && this.#truth(condition, depth);
    const chosen = truth === undefined ? undefined : truth ? yes : no;
    return chosen && this.evaluate(chosen, depth);
  }

  #items(node: SyntaxNode, depth: number): unknown[] | undefined {
    const items: unknown[] = [];
    for (let child = node.firstChild; child; child = child.nextSibling) {
      if (!/^[[\](),]$/.test(child.name) && child.name !== 'Comment') items.push(this.evaluate(child, depth));
    }
    return items.includes(undefined) ? undefined : items;
  }

  #entries(node: SyntaxNode, depth: number): Record<string, unknown> | undefined {
    const parts: SyntaxNode[] = [];
    for (let child = node.firstChild; child; child = child.nextSibling)
      if (!/^[{}:,]$/.test(child.name) && child.name !== 'Comment') parts.push(child);
    if (parts.some(({ name }) => name.startsWith('*'))) return undefined;
    const value = (each: SyntaxNode | undefined) => each && this.evaluate(each, depth);
    const entries = Object.fromEntries(
      parts.flatMap((key, i) => (i % 2 === 0 ? [[String(value(key)), value(parts[i + 1])]] : [])),
    );
    return Object.values(entries).includes(undefined) ? undefined : entries;
  }

  #unary(node: SyntaxNode, depth: number): unknown {
    const text = this.textOf(node);
    if (!node.lastChild) return undefined;
    if (node.firstChild?.name === 'not') {
      const truth = this.#truth(node.lastChild, depth);
      return truth === undefined ? undefined : !truth;
    }
    const value = this.evaluate(node.lastChild, depth);
    return typeof value === 'number' && text.startsWith('-') ? -value : undefined;
  }

  #compute(node: SyntaxNode, depth: number): unknown {
    const { firstChild: left, lastChild: right } = node;
    const operator = left?.nextSibling ? this.textOf(left.nextSibling) : '';
    const a = left ? this.evaluate(left, depth) : undefined;
    const b = right ? this.evaluate(right, depth) : undefined;
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

function numberOf(text: string): number | undefined {
  const value = Number(text.replaceAll('_', ''));
  return Number.isNaN(value) ? undefined : value;
}

/** Whether a statement is a field of a class. */
function isField(node: SyntaxNode): boolean {
  return node.parent?.name === 'Body' && node.parent.parent?.name === 'ClassDefinition';
}

function joined(parts: readonly unknown[]): string | undefined {
  return parts.every((part) => typeof part === 'string') ? parts.join('') : undefined;
}

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
