import type { CheckDiagnostic } from '../../protocol/check.ts';
import { setFix } from '../edit.ts';
import { rootMap } from '../node.ts';
import { problem, type Problem } from '../problem.ts';
import type { Project } from '../project.ts';
import { headLabels } from './count-labels.ts';
import { DatasetView } from './dataset-view.ts';
import type { Fields } from './fields.ts';
import { listNames } from './list-names.ts';
import { showProblem } from './data-files.ts';
import { splitReference, splitReferences } from './splits.ts';
import { problemTypeOf } from '../schema/formats.ts';
import type { World } from './world.ts';

/** Whether the labels of a run, of its data and of its head fit each other. */
export async function checkLabels(
  project: Project,
  fields: Fields,
  world: World,
): Promise<(Problem | CheckDiagnostic)[]> {
  const train = splitReference(project, fields.document, 'data', 'train');
  const view = train?.dataset && new DatasetView(project, train.dataset);
  await view?.recognise(world, fields.string('model', 'task'), fields.string('model', 'problem_type'));
  // Where the task cannot be read, the format of the data tells it.
  const task = fields.string('model', 'task') ?? view?.format;
  if (task === undefined || !/classification$/.test(task)) return [];
  const type = fields.string('model', 'problem_type') ?? problemTypeOf(view?.format);
  if (type === 'regression') return [];
  const own = fields.strings('model', 'labels');
  const listed = own ?? view?.labels;
  if (listed) {
    const place = own ? 'lists' : 'of the data set lists';
    const count = wrongCount(fields, listed.length, `\`labels\` ${place} ${listed.length}`, 'the list');
    return [...count, ...(own ? await unlistedLabels(project, fields, own, world) : [])];
  }
  if (!view || train.split === undefined) return [];
  const inTrain = await view.labelCounts(world, train.split);
  if (!inTrain || inTrain.counts.size === 0) return [];
  const names = [...inTrain.counts.keys()].sort();
  const known = await headLabels(fields, world);
  if (known === undefined || known.length === fields.number('model', 'num_labels')) return [];
  const count = names.length;
  const told = `\`${train.text}\` has ${count} different label${count === 1 ? '' : 's'} (${listNames(names)})`;
  if (inTrain.isPartial)
    return count > (fields.number('model', 'num_labels') ?? Infinity) ? wrongCount(fields, count, told) : [];
  if (count === 1 && type !== 'multi_label_classification' && fields.isUnset('model', 'num_labels')) {
    const message = `${told}, so there is nothing to learn. Check the column of the label, or add rows with other labels.`;
    return [problem('tune/label-count', train.node, message)];
  }
  const isKnown = names.every((name) => known.includes(name));
  const unseen = await unseenLabels(project, fields, new Set(isKnown ? known : names), world);
  return [...wrongCount(fields, count, told), ...unseen];
}

function wrongCount(fields: Fields, count: number, told: string, source = 'the data'): Problem[] {
  const node = fields.node('model', 'num_labels');
  const number = fields.number('model', 'num_labels');
  if (!node || number === undefined || number === count) return [];
  const message = `\`num_labels\` is ${number}, but ${told}. Set \`num_labels: ${count}\`, or correct ${source}.`;
  const path = ['model', 'num_labels'];
  return [
    problem('tune/label-count', node, message, [
      setFix(`Set num_labels: ${count}`, rootMap(node.document), path, String(count)),
    ]),
  ];
}

/** Rows whose label is none of those that the run lists. */
async function unlistedLabels(
  project: Project,
  fields: Fields,
  labels: string[],
  world: World,
): Promise<(Problem | CheckDiagnostic)[]> {
  const found: (Problem | CheckDiagnostic)[] = [];
  for (const { dataset, split } of splitReferences(project, fields.document)) {
    if (!dataset || split === undefined) continue;
    const view = new DatasetView(project, dataset);
    const facts = await view.facts(world, split, { labels });
    const unlisted = facts?.problems.filter(({ code }) => code === 'data/unknown-label') ?? [];
    found.push(...unlisted.map((each) => showProblem(each, view.files(split))));
  }
  return found;
}

/** Labels of the evaluation split that the training split lacks: the model has no output for them. */
async function unseenLabels(
  project: Project,
  fields: Fields,
  seen: Set<string>,
  world: World,
): Promise<Problem[]> {
  const reference = splitReference(project, fields.document, 'data', 'eval');
  if (!reference?.dataset || reference.split === undefined) return [];
  const found = await new DatasetView(project, reference.dataset).labelCounts(world, reference.split);
  // A whole number that is no label stands for the output of that number.
  const isOutput = (label: string) => /^\d+$/.test(label) && Number(label) < seen.size;
  const unseen = [...(found?.counts.keys() ?? [])].filter((label) => !seen.has(label) && !isOutput(label));
  if (unseen.length === 0) return [];
  const train = splitReference(project, fields.document, 'data', 'train');
  const message = `\`${reference.text}\` has ${unseen.length === 1 ? 'a label' : `${unseen.length} labels`} that \`${train?.text ?? ''}\` lacks: ${listNames(unseen.sort())}. Add rows with ${unseen.length === 1 ? 'it' : 'them'} to the training data, or correct ${unseen.length === 1 ? 'it' : 'them'}.`;
  return [problem('tune/unseen-label', reference.node, message)];
}
