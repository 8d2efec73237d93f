import { namesIn } from './naming/walk-names.ts';
import { literalStart } from './naming/literal-start.ts';
import type { Project } from './project.ts';
import { alternatives, childSchema, fieldsOf, schemaOf, type FieldSchema } from './schema/navigate.ts';
import type { Node, ScalarNode, TuneDocument, TuneFile } from './tree.ts';

/** What a piece of text means, in the words of the protocol. */
export const TOKEN_TYPES = ['keyword', 'class', 'variable', 'property', 'enumMember', 'macro'] as const;

/** `declaration`: the place where something gets its name. */
export const TOKEN_MODIFIERS = ['declaration'] as const;

/** A piece of text on one line, by offsets in the file. */
export interface Token {
  start: number;
  end: number;
  type: (typeof TOKEN_TYPES)[number];
  isDeclaration: boolean;
}

/**
 * What the grammar cannot know: kind words, fields that the language has, values of an enumeration, names and the references
 * that lead to them, `${…}`. Sorted, without overlaps; unknown fields and references to nothing get no token.
 */
export function findTokens(project: Project, file: TuneFile): Token[] {
  const found: Token[] = [];
  const add = (start: number, end: number, type: Token['type'], isDeclaration = false) => {
    if (end > start && !/[\r\n]/.test(file.text.slice(start, end)))
      found.push({ start, end, type, isDeclaration });
  };
  for (const document of file.documents) {
    addNames(project, document, add);
    if (document.header && !document.header.merged)
      add(document.header.key.start, document.header.key.end, 'keyword');
    if (document.root && document.kind) addFields(document.root, schemaOf(document.kind), document, add);
  }
  return withoutOverlaps(found);
}

type Add = (start: number, end: number, type: Token['type'], isDeclaration?: boolean) => void;

function addNames(project: Project, document: TuneDocument, add: Add): void {
  for (const { what, place } of namesIn(project, document)) {
    if (place.node.document.file !== document.file) continue;
    add(place.start, place.end, what === 'document' ? 'class' : 'variable', place.isDefinition);
  }
}

function addFields(node: Node, schema: FieldSchema, document: TuneDocument, add: Add): void {
  if (node.type === 'map') {
    for (const entry of node.entries) {
      const child = childSchema(schema, entry.name);
      if (!child || entry.merged) continue;
      const isField = Object.hasOwn(fieldsOf(schema), entry.name);
      if (isField && entry !== document.header) add(entry.key.start, entry.key.end, 'property');
      // What an alias stands for has its tokens where it is written.
      if (entry.value.start >= entry.key.end && entry.value.end <= entry.end)
        addFields(entry.value, child, document, add);
    }
  } else if (node.type === 'seq') {
    const items = childSchema(schema, 0);
    if (items) for (const item of node.items) if (holds(node, item)) addFields(item, items, document, add);
  } else if (typeof node.value === 'string') {
    if (alternatives(schema).some((each) => each.enum?.includes(node.value)))
      add(node.start, node.end, 'enumMember');
    else addSubstitutions(node, node.value, add);
  }
}

/** `${vars.x}`, `${env.NAME}`, `${workspace}`. */
function addSubstitutions(node: ScalarNode, text: string, add: Add): void {
  const start = literalStart(node, text);
  if (start === undefined) return;
  for (const match of text.matchAll(/\$\{[^{}]*\}/g)) {
    add(start + match.index, start + match.index + match[0].length, 'macro');
  }
}

function holds(outer: Node, inner: Node): boolean {
  return inner.start >= outer.start && inner.end <= outer.end;
}

/** Of tokens that share text the first one found stays: a name says more than the value that it stands in. */
function withoutOverlaps(tokens: readonly Token[]): Token[] {
  const ordered = tokens.map((token, index) => ({ token, index }));
  ordered.sort((a, b) => a.token.start - b.token.start || a.index - b.index);
  const kept: Token[] = [];
  for (const { token } of ordered) if (token.start >= (kept.at(-1)?.end ?? 0)) kept.push(token);
  return kept;
}
