import { nearest } from '../nearest.ts';
import { problem, replaceFix, yamlString, type Problem } from '../problem.ts';
import type { Project } from '../project.ts';
import { documentsInScope, lookup } from '../reference.ts';
import type { Node, ScalarNode } from '../tree.ts';
import { Fields } from './fields.ts';
import { listNames } from './list-names.ts';
import type { World } from './world.ts';

/** The runs that a document names, as `run: NAME[@ID]` or `run:NAME[@ID]`, and whether there are such runs. */
export async function checkRunReferences(project: Project, fields: Fields, world: World): Promise<Problem[]> {
  const found: Problem[] = [];
  for (const reference of runReferences(fields)) {
    const { node, name } = reference;
    const { file } = node.document;
    const planned = documentsInScope(project, file, 'run').filter((each) => each !== fields.document);
    const onDisk = await world.runNames(file.path);
    const names = [...new Set([...planned.map((each) => each.name ?? ''), ...(onDisk ?? [])])];
    if (names.includes(name)) found.push(...checkTask(project, fields, reference));
    else if (onDisk) found.push(unknownRun(reference, names));
  }
  return found;
}

interface RunReference {
  node: ScalarNode;
  /** What stands around the name: `run:` in front, `@ID` behind. */
  prefix: string;
  name: string;
  suffix: string;
}

function runReferences(fields: Fields): RunReference[] {
  const { kind } = fields.document;
  if (kind === 'run') return parse(fields.node('model', 'base'), 'run:');
  const candidates = kind === 'evaluate' ? fields.node('candidates') : undefined;
  if (candidates?.type !== 'map') return [];
  return candidates.entries.flatMap(({ name }) => [
    ...parse(fields.node('candidates', name, 'run'), ''),
    ...parse(fields.node('candidates', name, 'model'), 'run:'),
  ]);
}

function parse(node: Node | undefined, prefix: string): RunReference[] {
  if (node?.type !== 'scalar' || typeof node.value !== 'string' || !node.value.startsWith(prefix)) return [];
  const [name = '', ...id] = node.value.slice(prefix.length).split('@');
  return [{ node, prefix, name, suffix: id.map((each) => `@${each}`).join('') }];
}

function unknownRun({ node, prefix, name, suffix }: RunReference, names: readonly string[]): Problem {
  const near = nearest(name, names);
  const others = names.length > 0 ? `There is ${listNames(names)}.` : 'Write a `run:` document for it.';
  const message = `There is no run \`${name}\`, neither in a config of this folder nor on disk. ${near === undefined ? others : `Did you mean \`${near}\`?`}`;
  const text = `${prefix}${near ?? ''}${suffix}`;
  return problem('tune/unknown-reference', node, message, [
    near === undefined ? undefined : replaceFix(`Change to ${text}`, node, yamlString(text)),
  ]);
}

/** What is evaluated must give labels. */
function checkTask(project: Project, fields: Fields, { node, name }: RunReference): Problem[] {
  const run = lookup(project, node.document.file, 'run', name).found;
  if (fields.document.kind !== 'evaluate' || !run) return [];
  const task = new Fields(project, run).string('model', 'task');
  if (task === undefined || task === 'text-classification') return [];
  const message = `The run \`${name}\` has the task \`${task}\`; only \`text-classification\` can be evaluated. Take another run.`;
  return [problem('tune/wrong-format', node, message)];
}
