import { setFix } from '../edit.ts';
import { rootMap } from '../node.ts';
import { problem, removeFix, replaceFix, type Problem } from '../problem.ts';
import type { Project } from '../project.ts';
import { PROBLEM_FORMATS, problemTypeOf, type ProblemType } from '../schema/formats.ts';
import { Fields } from './fields.ts';
import { splitReference } from './splits.ts';

/**
 * What the outputs of a text classifier mean: as the run says it, or as the format of its rows does; `undefined` for other tasks and
 * where neither is known.
 */
export function problemTypeOfRun(project: Project, fields: Fields): ProblemType | undefined {
  if (fields.string('model', 'task') !== 'text-classification') return undefined;
  const own = fields.string('model', 'problem_type');
  if (own !== undefined) return problemTypeOf(PROBLEM_FORMATS[asProblem(own)]);
  const train = splitReference(project, fields.document, 'data', 'train');
  return train?.dataset && problemTypeOf(new Fields(project, train.dataset).string('format'));
}

function asProblem(name: string): ProblemType {
  // SAFETY: `Fields` gives only values that the schema lets through.
  return name as ProblemType;
}

/** Settings of a run that do not go with the meaning of its outputs. */
export function checkProblemType(project: Project, fields: Fields): Problem[] {
  const type = problemTypeOfRun(project, fields);
  return [checkOutputs(fields, type), checkNames(fields, type), checkSmoothing(fields, type)].filter(
    (each) => each !== undefined,
  );
}

/** Regression has one output, and a choice among labels at least two. */
function checkOutputs(fields: Fields, type: ProblemType | undefined): Problem | undefined {
  const node = fields.node('model', 'num_labels');
  const count = fields.number('model', 'num_labels');
  if (!node || count === undefined) return undefined;
  if (type === 'regression' && count !== 1) {
    const message = `\`num_labels\` is ${count}, but a regression gives one number for each text. Set \`num_labels: 1\`, or leave it out.`;
    return problem('tune/label-count', node, message, [replaceFix('Change to 1', node, '1')]);
  }
  const task = fields.string('model', 'task') ?? '';
  const isChoice = type === 'single_label_classification' || task === 'token-classification';
  if (!isChoice || count !== 1) return undefined;
  const message =
    '`num_labels` is 1, and with one label there is nothing to choose. Set the number of labels, or `problem_type: regression` to predict a number.';
  const regress = setFix(
    'Set problem_type: regression',
    rootMap(fields.document),
    ['model', 'problem_type'],
    'regression',
  );
  return problem('tune/label-count', node, message, task === 'token-classification' ? [] : [regress]);
}

function checkNames(fields: Fields, type: ProblemType | undefined): Problem | undefined {
  const entry = type === 'regression' ? fields.entry('model', 'labels') : undefined;
  return entry && withoutEffect(entry, 'a regression has no labels');
}

function checkSmoothing(fields: Fields, type: ProblemType | undefined): Problem | undefined {
  if (type === undefined || type === 'single_label_classification') return undefined;
  const entry = fields.entry('train', 'label_smoothing_factor');
  if (!entry || fields.number('train', 'label_smoothing_factor') === 0) return undefined;
  return withoutEffect(entry, `it is for one label a text, and \`problem_type\` is \`${type}\``);
}

function withoutEffect(entry: NonNullable<ReturnType<Fields['entry']>>, because: string): Problem {
  const message = `\`${entry.name}\` has no effect, because ${because}. Remove it.`;
  return problem('tune/overridden-field', entry.key, message, [removeFix(`Remove ${entry.name}`, entry)]);
}
