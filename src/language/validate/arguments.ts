import { splitNames } from '../data-params.ts';
import { setFix } from '../edit.ts';
import { nearest } from '../nearest.ts';
import { metricsOf } from '../schema/formats.ts';
import { rootMap } from '../node.ts';
import { problem, removeFix, replaceFix, type Fix, type Problem } from '../problem.ts';
import type { Project } from '../project.ts';
import { preferenceMethod } from './method.ts';
import type { Fields } from './fields.ts';
import { listNames } from './list-names.ts';
import { problemTypeOfRun } from './problem-type.ts';
import { splitReference } from './splits.ts';

/**
 * Training arguments that contradict each other, by the rules of `TrainingArguments.__post_init__` and
 * `Trainer._validate_args` of transformers 5.18.
 */
export function checkArguments(project: Project, fields: Fields): Problem[] {
  return [
    zeroSteps(fields, 'logging_steps'),
    fields.string('train', 'save_strategy') === 'steps' ? zeroSteps(fields, 'save_steps') : undefined,
    noEvalData(project, fields, 'eval_strategy', 'no'),
    noEvalData(project, fields, 'eval_on_start', 'false'),
    unequalStrategies(fields),
    unequalSteps(fields),
    noMetric(fields),
    unknownMetric(project, fields),
    worseIsBest(fields),
    bestOfOne(fields),
    patienceWithoutMetric(fields),
  ].filter((each) => each !== undefined);
}

function zeroSteps(fields: Fields, name: string): Problem | undefined {
  const entry = fields.entry('train', name);
  if (!entry || fields.number('train', name) !== 0) return undefined;
  const message = `\`${name}\` is 0. Write a number of steps from 1, or a fraction of the run below 1.`;
  return problem('tune/inconsistent-settings', entry.value, message, [removeFix(`Remove ${name}`, entry)]);
}

function noEvalData(project: Project, fields: Fields, name: string, off: string): Problem | undefined {
  const node = fields.node('train', name);
  // A value that is wrong is not known, and has a diagnostic of its own.
  const isKnown = fields.value('train', name) !== undefined;
  if (node?.type !== 'scalar' || !isKnown || !fields.isUnset('data', 'eval')) return undefined;
  const value = String(node.value);
  if (value === off) return undefined;
  const message = `\`${name}\` is \`${value}\`, but there is nothing to evaluate on. Name a split in \`data.eval\`, or write \`${name}: ${off}\`.`;
  return problem('tune/inconsistent-settings', node, message, [
    addEvalSplit(project, fields),
    replaceFix(`Change to ${off}`, node, off),
  ]);
}

/** The validation split of the training data, where it has one. */
function addEvalSplit(project: Project, fields: Fields): Fix | undefined {
  const train = splitReference(project, fields.document, 'data', 'train');
  if (!train?.dataset) return undefined;
  const split = splitNames(project, train.dataset).find((name) => /^(valid|val|dev|eval)/i.test(name));
  if (split === undefined) return undefined;
  const reference = `${train.name}.${split}`;
  return setFix(`Add data.eval: ${reference}`, rootMap(fields.document), ['data', 'eval'], reference);
}

/** The best checkpoint can be loaded only if each one that is saved was evaluated. */
function unequalStrategies(fields: Fields): Problem | undefined {
  const node = fields.node('train', 'load_best_model_at_end');
  const saves = fields.string('train', 'save_strategy');
  const evaluates = fields.string('train', 'eval_strategy');
  if (!node || fields.value('train', 'load_best_model_at_end') !== true) return undefined;
  if (saves === undefined || evaluates === undefined || saves === 'best') return undefined;
  const root = rootMap(fields.document);
  if (saves === evaluates) {
    if (saves !== 'no') return undefined;
    const message =
      '`load_best_model_at_end` has nothing to choose from: nothing is saved and nothing is evaluated. Write `eval_strategy: epoch` and `save_strategy: epoch`.';
    return problem('tune/inconsistent-settings', node, message, [
      replaceFix('Change to false', node, 'false'),
    ]);
  }
  const message = `\`load_best_model_at_end\` needs every checkpoint to be evaluated, but \`eval_strategy\` is \`${evaluates}\` and \`save_strategy\` is \`${saves}\`. Make them equal.`;
  const evalFix = setFix(`Set eval_strategy: ${saves}`, root, ['train', 'eval_strategy'], saves);
  const saveFix = setFix(`Set save_strategy: ${evaluates}`, root, ['train', 'save_strategy'], evaluates);
  return problem('tune/inconsistent-settings', node, message, [evaluates === 'no' ? evalFix : saveFix]);
}

function unequalSteps(fields: Fields): Problem | undefined {
  const strategy = fields.string('train', 'eval_strategy');
  if (fields.value('train', 'load_best_model_at_end') !== true || strategy !== 'steps') return undefined;
  if (fields.string('train', 'save_strategy') !== 'steps') return undefined;
  const save = fields.number('train', 'save_steps');
  const evaluate = evalSteps(fields);
  const node = fields.node('train', 'save_steps') ?? fields.node('train', 'load_best_model_at_end');
  if (!node || !save || !evaluate || isMultiple(save, evaluate)) return undefined;
  const mixed =
    save < 1 !== evaluate < 1 ? ' (one is a fraction of the run, the other a number of steps)' : '';
  const message = `\`load_best_model_at_end\` needs \`save_steps\` to be a multiple of \`eval_steps\`, but they are ${save} and ${evaluate}${mixed}.`;
  const root = rootMap(fields.document);
  return problem('tune/inconsistent-settings', node, message, [
    setFix(`Set save_steps: ${evaluate}`, root, ['train', 'save_steps'], String(evaluate)),
  ]);
}

/** As transformers decides it: fractions are compared as millionths. */
function isMultiple(save: number, evaluate: number): boolean {
  if (save % evaluate === 0) return true;
  return save < 1 && evaluate < 1 && (save * 1_000_000) % (evaluate * 1_000_000) === 0;
}

/** Steps between evaluations: unset or 0 takes `logging_steps`; `undefined` where it is not known. */
export function evalSteps(fields: Fields): number | undefined {
  const value = fields.value('train', 'eval_steps');
  if (value === null || value === 0) return fields.number('train', 'logging_steps');
  return typeof value === 'number' ? value : undefined;
}

function noMetric(fields: Fields): Problem | undefined {
  const node = fields.node('train', 'save_strategy');
  if (!node || fields.string('train', 'save_strategy') !== 'best') return undefined;
  const isNamed = fields.value('train', 'metric_for_best_model') !== null;
  if (isNamed || fields.value('train', 'load_best_model_at_end') !== false) return undefined;
  const message = '`save_strategy: best` needs `metric_for_best_model` to say what is best. Add it.';
  const path = ['train', 'metric_for_best_model'];
  return problem('tune/inconsistent-settings', node, message, [
    setFix('Add metric_for_best_model: loss', rootMap(fields.document), path, 'loss'),
  ]);
}

/** Early stopping asks at each evaluation whether a metric is better than before. */
function patienceWithoutMetric(fields: Fields): Problem | undefined {
  const node = fields.node('train', 'early_stopping_patience');
  if (!node || fields.number('train', 'early_stopping_patience') === undefined) return undefined;
  const root = rootMap(fields.document);
  if (fields.string('train', 'eval_strategy') === 'no') {
    const message =
      '`early_stopping_patience` counts evaluations, but `eval_strategy` is `no`. Evaluate while it trains.';
    return problem('tune/inconsistent-settings', node, message, [
      setFix('Set eval_strategy: epoch', root, ['train', 'eval_strategy'], 'epoch'),
    ]);
  }
  const isNamed = fields.value('train', 'metric_for_best_model') !== null;
  if (isNamed || fields.value('train', 'load_best_model_at_end') !== false) return undefined;
  const message = '`early_stopping_patience` needs `metric_for_best_model` to say what is better. Add it.';
  return problem('tune/inconsistent-settings', node, message, [
    setFix('Add metric_for_best_model: loss', root, ['train', 'metric_for_best_model'], 'loss'),
  ]);
}

/** Metrics of a run of which less is better and whose names do not say so to transformers. */
const SMALLER_IS_BETTER = ['mse', 'mae', 'perplexity'];

/** Unset, transformers takes the largest value for the best, unless the name ends in `loss`. */
function worseIsBest(fields: Fields): Problem | undefined {
  const node = fields.node('train', 'metric_for_best_model');
  const name = fields.string('train', 'metric_for_best_model')?.replace(/^eval_/, '');
  if (!node || name === undefined || !SMALLER_IS_BETTER.includes(name)) return undefined;
  if (!fields.isUnset('train', 'greater_is_better')) return undefined;
  const message = `Less \`${name}\` is better, but unset \`greater_is_better\` means that more is, so the worst model would be kept. Add \`greater_is_better: false\`.`;
  const path = ['train', 'greater_is_better'];
  return problem('tune/inconsistent-settings', node, message, [
    setFix('Add greater_is_better: false', rootMap(fields.document), path, 'false'),
  ]);
}

function unknownMetric(project: Project, fields: Fields): Problem | undefined {
  const node = fields.node('train', 'metric_for_best_model');
  const name = fields.string('train', 'metric_for_best_model')?.replace(/^eval_/, '');
  const task = fields.string('model', 'task');
  if (!node || name === undefined || task === undefined) return undefined;
  const metrics = metricsOf(task, {
    preference: preferenceMethod(fields),
    problem: problemTypeOfRun(project, fields),
  });
  if (metrics.length === 0 || metrics.includes(name)) return undefined;
  const near = nearest(name, metrics) ?? (name === 'f1' ? 'macro_f1' : undefined);
  const message = `\`${name}\` is not measured in the evaluations of a \`${task}\` run. Take one of ${listNames(metrics)}.`;
  return problem('tune/unknown-value', node, message, [
    near === undefined ? undefined : replaceFix(`Change to ${near}`, node, near),
  ]);
}

/** Without evaluations on the way, the last step is the only one that can be best. */
function bestOfOne(fields: Fields): Problem | undefined {
  const node = fields.node('train', 'save_strategy');
  if (!node || fields.string('train', 'save_strategy') !== 'best') return undefined;
  if (fields.string('train', 'eval_strategy') !== 'no') return undefined;
  const message =
    '`save_strategy: best` saves after evaluations, but `eval_strategy` is `no`, so only the last step can be saved. Write `eval_strategy: epoch`.';
  return problem('tune/never-happens', node, message, [
    setFix('Set eval_strategy: epoch', rootMap(fields.document), ['train', 'eval_strategy'], 'epoch'),
  ]);
}
