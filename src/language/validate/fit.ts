import type { DataProblem, FitFacts } from '../../protocol/inspect.ts';
import { nearest } from '../nearest.ts';
import { stringsOf } from '../node.ts';
import { problem, problemOfTrainer, replaceFix, yamlString, type Problem } from '../problem.ts';
import { withHint } from '../to-diagnostic.ts';
import type { Node } from '../tree.ts';
import { knownBaseFolder } from './base-folder.ts';
import type { Fields } from './fields.ts';
import { listNames } from './list-names.ts';
import { methodOf } from './resolved-method.ts';
import type { World } from './world.ts';

/** Names in `modules_to_save` that the model lacks: PEFT passes over them, and trains without. */
export async function checkSavedModules(fields: Fields, world: World): Promise<Problem[]> {
  const node = fields.node('method', 'lora', 'modules_to_save');
  const facts = node?.type === 'seq' ? await fitOf(fields, world) : undefined;
  if (node?.type !== 'seq' || !facts || facts.unknown_modules.length === 0) return [];
  return stringsOf(node)
    .filter(({ value }) => facts.unknown_modules.includes(value))
    .map(({ node: item, value }) => unknownModule(item, value, facts.modules));
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
export async function checkFit(fields: Fields, world: World): Promise<Problem[]> {
  const refusal = (await fitOf(fields, world))?.problem;
  const node = refusal && placeOf(fields, refusal);
  return node ? [problemOfTrainer(refusal.code, node, withHint(refusal.message, refusal.hint))] : [];
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

async function fitOf(fields: Fields, world: World): Promise<FitFacts | undefined> {
  const folder = await knownBaseFolder(fields, world);
  const task = fields.string('model', 'task');
  const method = methodOf(fields);
  if (folder === undefined || task === undefined || method === undefined) return undefined;
  if ((await world.kindOf(folder)) !== 'folder') return undefined;
  const labels = fields.number('model', 'num_labels') ?? fields.strings('model', 'labels')?.length;
  return world.fitFacts({ folder, task, ...(labels !== undefined && { num_labels: labels }), method });
}
