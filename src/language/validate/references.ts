import { ancestry } from '../effective.ts';
import { nearest } from '../nearest.ts';
import { entryOf, scalarAt } from '../node.ts';
import { basename, dirname, relativePath } from '../path.ts';
import { problem, removeFix, replaceFix, yamlString, type Problem } from '../problem.ts';
import { NO_SUCH_FILE, type Project } from '../project.ts';
import { lookup, splitReference, type Lookup } from '../reference.ts';
import { KIND_WORDS, type Kind } from '../schema/kinds.ts';
import type { ScalarNode, TuneDocument } from '../tree.ts';
import { slotsOf } from '../variables/slots.ts';
import { listNames } from './list-names.ts';

/** What is wrong with the `extends` of a document. */
export function checkExtends(project: Project, document: TuneDocument): Problem[] {
  const node = scalarAt(document.root, 'extends');
  if (!document.kind || typeof node?.value !== 'string') return [];
  const [slot] = slotsOf(node.value);
  if (slot) return [slotInExtends(node, slot.text)];
  const found = lookup(project, document.file, document.kind, node.value);
  if (closesCircle(project, document)) return [circle(node)];
  return found.found ? [] : [explainLookup(project, found, { node, kind: document.kind, text: node.value })];
}

/** Whether a document extends itself, and is the last in the text of those that stand in that circle: one is told. */
function closesCircle(project: Project, document: TuneDocument): boolean {
  const { ancestors, cycle } = ancestry(project, document);
  if (!cycle) return false;
  const back = lookup(project, cycle.document.file, document.kind ?? 'run', String(cycle.value)).found;
  if (back !== document) return false;
  const isLater = ({ file, start }: TuneDocument) =>
    file === document.file ? start > document.start : file.path > document.file.path;
  return !ancestors.some(isLater);
}

function slotInExtends(node: ScalarNode, slot: string): Problem {
  const message = `\`extends\` is followed before any \`\${…}\` is replaced, since variables come from what is extended. Write the name itself in place of \`${slot}\`.`;
  return problem('tune/unknown-reference', node, message);
}

function circle(node: ScalarNode): Problem {
  const entry = entryOf(node.document.root, 'extends');
  const message = `\`${node.document.name ?? ''}\` extends itself: following \`${String(node.value)}\` leads back here. Remove one \`extends\` of the circle.`;
  return problem('tune/extends-cycle', node, message, [entry && removeFix('Remove this extends', entry)]);
}

/** A reference as it stands in the text: `text` is the part that names a document, `rest` what follows it. */
export interface WrittenReference {
  node: ScalarNode;
  kind: Kind;
  text: string;
  rest?: string;
}

/** Why a reference leads nowhere, and where it was probably meant to lead. */
export function explainLookup(
  project: Project,
  found: Exclude<Lookup, { found: TuneDocument }>,
  { node, kind, text, rest = '' }: WrittenReference,
): Problem {
  const word = KIND_WORDS[kind];
  const change = (name: string) => replaceFix(`Change to ${name}${rest}`, node, yamlString(`${name}${rest}`));
  if (found.reason === 'no-file') return noFile(project, found.path, node, `${text}${rest}`);
  if (found.reason === 'many') {
    const message = `\`${text}\` is the name of a ${word} in several files. Write ${listNames(found.candidates, 6, 'or')}.`;
    return problem('tune/ambiguous-reference', node, message, found.candidates.map(change));
  }
  const near = nearest(text, found.candidates);
  const hint = near === undefined ? known(word, found.candidates) : `Did you mean \`${near}\`?`;
  const message = `There is no ${word} \`${text}\`. ${hint}`;
  return problem('tune/unknown-reference', node, message, near === undefined ? [] : [change(near)]);
}

function known(word: string, candidates: readonly string[]): string {
  return candidates.length === 0
    ? `Write a document for it: no ${word} is in reach.`
    : `There is ${listNames(candidates)}.`;
}

function noFile(project: Project, path: string, node: ScalarNode, text: string): Problem {
  const { path: written = '', name } = splitReference(text);
  const folder = dirname(node.document.file.path);
  const files = new Map([...project.files.keys()].map((each) => [basename(each), each]));
  const near = nearest(basename(path), files.keys());
  const target = near === undefined ? undefined : files.get(near);
  const why = project.unreadable.get(path) ?? NO_SUCH_FILE;
  if (why !== NO_SUCH_FILE)
    return problem(
      'tune/unknown-reference',
      node,
      `\`${written}\` cannot be read. ${why.reason} ${why.hint}`,
    );
  const hint =
    target === undefined
      ? 'Correct the path; it is relative to this file.'
      : `Did you mean \`${near ?? ''}\`?`;
  const better = target === undefined ? undefined : `${relativePath(folder, target)}#${name}`;
  return problem('tune/unknown-reference', node, `\`${written}\` cannot be read. ${why.reason} ${hint}`, [
    better === undefined ? undefined : replaceFix(`Change to ${better}`, node, yamlString(better)),
  ]);
}
