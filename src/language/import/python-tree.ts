import { parser } from '@lezer/python';

/** A node of a script's syntax tree. */
export type SyntaxNode = ReturnType<typeof parser.parse>['topNode'];

/** The tree of a script. Text that is no Python makes error nodes, and never throws. */
export function parsePython(text: string): ReturnType<typeof parser.parse> {
  return parser.parse(text);
}

/** An argument of a call: by keyword, by position, or `*` and `**` in front of several. */
export interface Argument {
  key: SyntaxNode | undefined;
  value: SyntaxNode;
  spread: '*' | '**' | undefined;
}

/** The arguments of a call, or the parameters of a function with their defaults, in their order. */
export function argumentsOf(list: SyntaxNode | null): Argument[] {
  const found: Argument[] = [];
  let key: SyntaxNode | undefined;
  let spread: Argument['spread'];
  for (let child = list?.firstChild ?? null; child; child = child.nextSibling) {
    if (child.name === '*' || child.name === '**') spread = child.name;
    else if (child.name === 'AssignOp') key = found.pop()?.value;
    else if (!['(', ')', ',', 'Comment', 'TypeDef'].includes(child.name)) {
      found.push({ key, value: child, spread });
      key = undefined;
      spread = undefined;
    }
  }
  return found;
}

/** The one name that a statement gives one value, and the value; `undefined` for `a, b = …`. */
export function assignmentOf(node: SyntaxNode): { name: SyntaxNode; value: SyntaxNode } | undefined {
  const { firstChild: name, lastChild: value } = node;
  const next = name?.nextSibling;
  const isOne = next?.name === 'AssignOp' || next?.name === 'TypeDef';
  return name?.name === 'VariableName' && isOne && value?.prevSibling?.name === 'AssignOp'
    ? { name, value }
    : undefined;
}

/** The branches of an `if` before one of them, and its own condition; none for what is no branch. */
export function conditionsOf(body: SyntaxNode): { before: SyntaxNode[]; own: SyntaxNode | undefined } {
  const before: SyntaxNode[] = [];
  let own: SyntaxNode | undefined;
  for (let child = body.parent?.firstChild ?? null; child; child = child.nextSibling) {
    if (child.name === 'if' || child.name === 'elif') own = child.nextSibling ?? undefined;
    if (child.name === 'else') own = undefined;
    if (child.name !== 'Body') continue;
    if (child.from === body.from) return { before, own };
    if (own) before.push(own);
  }
  return { before, own };
}

/** The function around a node that has a parameter of a name. */
export function functionWith(node: SyntaxNode, name: string, text: string): SyntaxNode | undefined {
  for (let at = node.parent; at; at = at.parent) {
    if (at.name !== 'FunctionDefinition' && at.name !== 'LambdaExpression') continue;
    const parameters = argumentsOf(at.getChild('ParamList'));
    if (parameters.some(({ key, value }) => text.slice((key ?? value).from, (key ?? value).to) === name))
      return at;
  }
  return undefined;
}
