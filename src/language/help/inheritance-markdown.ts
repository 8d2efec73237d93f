import { ancestry, effective } from '../effective.ts';
import { inheritedValues, nodeAt } from '../inherited.ts';
import { basename } from '../path.ts';
import type { Project } from '../project.ts';
import type { Node, TuneDocument } from '../tree.ts';
import { shorten } from './summarise-document.ts';

const SHOWN = 20;

/**
 * What a field is after `extends`, and where that comes from; empty for a document that extends none. For a map: the
 * fields that it takes from others. For anything else: what it replaces.
 */
export function inheritanceMarkdown(
  project: Project,
  document: TuneDocument,
  path: readonly (string | number)[],
): string {
  if (ancestry(project, document).ancestors.length === 0) return '';
  const node = nodeAt(effective(project, document), path);
  if (!node) return '';
  if (node.type === 'map') return inheritedFields(document, node, path);
  const own = node.document === document;
  const source = own ? 'written here' : `from ${origin(node)}`;
  const others = inheritedValues(project, document, path).filter(
    (each) => each.node.document !== node.document || each.node.start !== node.start,
  );
  const replaced = others.map((each) => `${origin(each.node)} has \`${shorten(each.node)}\``);
  const line = `Effective value: \`${shorten(node)}\`, ${source}`;
  return replaced.length === 0 ? `${line}.` : `${line}; ${replaced.join(', ')}.`;
}

function inheritedFields(document: TuneDocument, node: Node, path: readonly (string | number)[]): string {
  const leaves = [...leavesOf(node, '')].filter((each) => each.node.document !== document);
  if (leaves.length === 0) return '';
  const lines = leaves
    .slice(0, SHOWN)
    .map((each) => `- \`${each.name}: ${shorten(each.node)}\` from ${origin(each.node)}`);
  if (leaves.length > SHOWN) lines.push(`- … and ${leaves.length - SHOWN} more`);
  const what = path.length === 0 ? 'What it takes from others' : 'Effective through `extends`';
  return `${what}:\n\n${lines.join('\n')}`;
}

function* leavesOf(node: Node, prefix: string): Generator<{ name: string; node: Node }> {
  if (node.type === 'map' && node.entries.length > 0) {
    for (const { name, value } of node.entries) {
      yield* leavesOf(value, prefix === '' ? name : `${prefix}.${name}`);
    }
  } else {
    yield { name: prefix, node };
  }
}

/** The document that a node stands in, and its line. */
function origin(node: Node): string {
  const { name = '', file } = node.document;
  return `\`${name}\` (${basename(file.path)}:${file.lines.position(node.start).line})`;
}
