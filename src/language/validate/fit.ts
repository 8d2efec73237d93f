import type { DataProblem, FitFacts } from '../../protocol/inspect.ts';
import { nearest } from '../nearest.ts';
import { stringsOf } from '../node.ts';
import { problem, problemOfTrainer, replaceFix, yamlString, type Problem } from '../problem.ts';
import { withHint } from '../to-diagnostic.ts';
import type { Node } from '../tree.ts';
import type { Project } from '../project.ts';
import { knownBaseFolder } from './base-folder.ts';
import { countLabels } from './count-labels.ts';
import type { Fields } from './fields.ts';
import { listNames } from './list-names.ts';
import { methodOf, validPartOf } from './resolved-method.ts';
import type { World } from './world.ts';

/**
 * What LoRA's settings name and the model lacks, whatever else is wrong with the run: names in `modules_to_save`, which PEFT passes over
 * to train without, and a pattern in `target_modules` that finds nothing, or more than it may.
 */
export async function checkModuleNames(fields: Fields, world: World): Promise<Problem[]> {
  const saved = fields.node('method', 'lora', 'modules_to_save');
  const names = saved?.type === 'seq' ? stringsOf(saved) : [];
  const targets = fields.node('method', 'lora', 'target_modules');
  const isPattern = fields.string('method', 'lora', 'target_modules') !== undefined;
  if (names.length === 0 && !isPattern) return [];
  const facts = await fitOf(fields, world, validPartOf(fields));
  const found = names
    .filter(({ value }) => facts?.unknown_modules.includes(value))
    .map(({ node: item, value }) => unknownModule(item, value, facts?.modules ?? []));
  const refusal = facts?.problem;
  const isOfTargets = FIELDS[refusal?.code ?? '']?.some((path) => path.at(-1) === 'target_modules');
  return refusal && isPattern && isOfTargets && targets ? [...found, refused(refusal, targets)] : found;
}

/** A name that no module of the model has, with the one that may be meant. */
export function unknownModule(item: Node, value: string, modules: readonly string[]): Problem {
  const near = nearest(value, modules);
  const hint = near === undefined ? `It has ${listNames(modules)}.` : `Did you mean \`${near}\`?`;
  return problem('tune/unknown-module', item, `The model has no module \`${value}\`. ${hint}`, [
    near === undefined ? undefined : replaceFix(`Change to ${near}`, item, yamlString(near)),
  ]);
}

/** Why the trainer would refuse a run that has no error else: task, method and base model do not fit each other. */
export async function checkFit(project: Project, fields: Fields, world: World): Promise<Problem[]> {
  const isClassifier = fields.string('model', 'task')?.endsWith('-classification') ?? false;
  const labels = isClassifier ? await countLabels(project, fields, world) : undefined;
  const refusal = (await fitOf(fields, world, methodOf(fields), labels))?.problem;
  const node = refusal && placeOf(fields, refusal);
  return node ? [refused(refusal, node)] : [];
}

/** Fields that a refusal is about, the nearest first; any other is about the base model. */
const FIELDS: Partial<Record<string, readonly string[][]>> = {
  'model/no-head': [['model', 'task']],
  'model/shape-mismatch': [['model', 'num_labels']],
  'run/lora-needs-base': [['method', 'lora']],
  'run/no-target-modules': [['method', 'lora', 'target_modules']],
  'run/not-linear': [['method', 'lora', 'target_modules']],
  'run/other-adapter': [['method', 'lora']],
  'run/tied-module': [['method', 'lora', 'modules_to_save']],
};

function placeOf(fields: Fields, { code }: DataProblem): Node | undefined {
  const paths = [...(FIELDS[code] ?? []), ['model', 'base']];
  return paths.map((path) => fields.node(...path)).find((node) => node !== undefined);
}

function refused({ code, message, hint }: DataProblem, node: Node): Problem {
  return problemOfTrainer(code, node, withHint(message, hint));
}

async function fitOf(
  fields: Fields,
  world: World,
  method: unknown,
  labels?: number,
): Promise<FitFacts | undefined> {
  const folder = await knownBaseFolder(fields, world);
  const task = fields.string('model', 'task');
  if (folder === undefined || task === undefined || method === undefined) return undefined;
  if ((await world.kindOf(folder)) !== 'folder') return undefined;
  const isIgnored = fields.value('model', 'ignore_mismatched_sizes') === true;
  return world.fitFacts({
    folder,
    task,
    ...(labels !== undefined && { num_labels: labels }),
    ...(isIgnored && { ignore_mismatched_sizes: true }),
    method,
  });
}
