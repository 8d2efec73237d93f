import { nearest } from '../nearest.ts';
import { problem, replaceFix, yamlString, type Problem } from '../problem.ts';
import type { Project } from '../project.ts';
import { documentsInScope, lookup } from '../reference.ts';
import type { Node, ScalarNode, TuneDocument } from '../tree.ts';
import { problemTypeOf } from '../schema/formats.ts';
import { formatsMeasuredBy, isTagMetric } from '../schema/metrics.ts';
import { Fields } from './fields.ts';
import { listNames } from './list-names.ts';
import { problemTypeOfRun } from './problem-type.ts';
import { splitReference } from './splits.ts';
import { taggedSplit } from './tags.ts';
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
  /** By a prompt, so that it need not give labels by itself. */
  isAsked?: boolean;
}

function runReferences(fields: Fields): RunReference[] {
  const { kind } = fields.document;
  if (kind === 'run') return parse(fields.node('model', 'base'), 'run:');
  if (kind === 'export') return parse(fields.node('model'), 'run:');
  const candidates = kind === 'evaluate' ? fields.node('candidates') : undefined;
  if (candidates?.type !== 'map') return [];
  const judge = parse(fields.node('judge', 'model'), 'run:').map((each) => ({ ...each, isAsked: true }));
  const asked = candidates.entries.flatMap(({ name: candidate }) => {
    const isAsked = !fields.isUnset('candidates', candidate, 'prompt');
    return [
      ...parse(fields.node('candidates', candidate, 'run'), ''),
      ...parse(fields.node('candidates', candidate, 'model'), 'run:'),
    ].map((reference) => ({ ...reference, isAsked }));
  });
  return [...asked, ...judge];
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

/** A run learnt to give one label, several, or a number, and the rows have the same. */
function checkProblem(project: Project, fields: Fields, run: TuneDocument, node: ScalarNode): Problem[] {
  const { text } = splitReference(project, fields.document, 'data') ?? {};
  const format = formatOfData(project, fields);
  const given = problemTypeOfRun(project, new Fields(project, run));
  const asked = problemTypeOf(format);
  if (given === undefined || asked === undefined || given === asked) return [];
  const message = `The run \`${run.name ?? ''}\` has \`problem_type: ${given}\`, but the rows of \`${text ?? ''}\` have \`format: ${format ?? ''}\`. Take another run, or other rows.`;
  return [problem('tune/wrong-format', node, message)];
}

/** What is measured by its labels must give labels. */
function checkTask(project: Project, fields: Fields, { node, name, isAsked }: RunReference): Problem[] {
  const run = lookup(project, node.document.file, 'run', name).found;
  if (fields.document.kind !== 'evaluate' || !run || isAsked) return [];
  const task = new Fields(project, run).string('model', 'task');
  const tagged = taggedSplit(project, fields);
  if (tagged !== undefined) return task === undefined ? [] : checkTagger(name, task, tagged, node);
  const metric = fields
    .strings('metrics')
    ?.find((each) => formatsMeasuredBy(each).some((format) => format !== 'tokens'));
  if (metric === undefined || task === undefined) return [];
  if (task === 'text-classification') return checkProblem(project, fields, run, node);
  const isKnown = formatOfData(project, fields) !== undefined;
  // Rows that do not say what they are may be tagged words.
  if (!isKnown && task === 'token-classification' && isTagMetric(metric)) return [];
  const message = `The run \`${name}\` has the task \`${task}\`; the metric \`${metric}\` needs \`text-classification\`. Take another run, or other metrics.`;
  return [problem('tune/wrong-format', node, message)];
}

function formatOfData(project: Project, fields: Fields): string | undefined {
  const { dataset } = splitReference(project, fields.document, 'data') ?? {};
  return dataset && new Fields(project, dataset).string('format');
}

/** Words are tagged by runs that learnt to. */
function checkTagger(run: string, task: string, split: string, node: ScalarNode): Problem[] {
  if (task === 'token-classification') return [];
  const message = `The run \`${run}\` has the task \`${task}\`, but \`${split}\` has tagged words (\`format: tokens\`), which need \`token-classification\`. Take another run, or other rows.`;
  return [problem('tune/wrong-format', node, message)];
}
