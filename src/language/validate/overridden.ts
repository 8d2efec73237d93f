import { setFix } from '../edit.ts';
import { rootMap } from '../node.ts';
import { problem, removeFix, type Fix, type Problem } from '../problem.ts';
import { readRoles } from '../schema/formats.ts';
import { fieldsOf, schemaAt, schemaOf } from '../schema/navigate.ts';
import { preferenceMethod } from './method.ts';
import type { Fields } from './fields.ts';
import { comparesPairs } from './judge-fields.ts';

/** Fields that stand in a document and change nothing, because another one decides. */
export function checkOverridden(fields: Fields): Problem[] {
  return overriddenFields(fields).flatMap(({ path, because, fix }) => {
    const entry = fields.entry(...path);
    if (!entry) return [];
    const message = `\`${entry.name}\` has no effect, because ${because}. Remove it${fix ? `, or change that` : ''}.`;
    return [
      problem('tune/overridden-field', entry.key, message, [fix, removeFix(`Remove ${entry.name}`, entry)]),
    ];
  });
}

/** A field that has no effect. */
export interface Overridden {
  path: readonly string[];
  /** What decides instead: the end of a sentence. */
  because: string;
  /** What would give it its effect. */
  fix?: Fix | undefined;
}

/** The fields that stand in a document itself and have no effect in it. */
export function overriddenFields(fields: Fields): Overridden[] {
  const { kind } = fields.document;
  const rules =
    kind === 'run'
      ? runRules(fields)
      : kind === 'dataset'
        ? datasetRules(fields)
        : kind === 'evaluate'
          ? judgeRules(fields)
          : [];
  return rules.flatMap(({ path, because, fix }) => {
    const entry = because === undefined ? undefined : fields.entry(...path);
    // What is inherited may have its effect in the document that says it.
    if (!entry || because === undefined || entry.key.document !== fields.document) return [];
    return [{ path, because, fix }];
  });
}

/** How roles are called in a sentence, where that is not their name. */
const NOUNS: Readonly<Record<string, string>> = { text_pair: 'second text' };

interface Rule {
  path: string[];
  /** Why the field has no effect; `undefined` where it has one. */
  because: string | undefined;
  /** What would give it its effect. */
  fix?: Fix | undefined;
}

/** A model of this machine writes nothing as a judge; one with a rubric compares no pairs unless that is asked for; one without needs no words for it. */
function judgeRules(fields: Fields): Rule[] {
  const hasRubric = fields.entry('judge', 'rubric') !== undefined;
  const chooses = fields.entry('judge', 'model')
    ? `a \`model\` chooses among the ${hasRubric ? 'scores' : 'verdicts'}, and writes nothing`
    : undefined;
  const scores = comparesPairs(fields)
    ? undefined
    : 'a judge with a `rubric` compares pairs only where `metrics` names `win_rate`';
  return [
    { path: ['judge', 'generation'], because: chooses },
    { path: ['judge', 'criteria'], because: scores },
    { path: ['judge', 'template'], because: scores },
    { path: ['judge', 'rubric_template'], because: hasRubric ? undefined : 'the judge has no `rubric`' },
  ];
}

function runRules(fields: Fields): Rule[] {
  const set = (name: string, value: string) =>
    setFix(`Set ${name}: ${value}`, rootMap(fields.document), ['train', name], value);
  const train = (name: string) => fields.value('train', name);
  const steps = Number(train('max_steps'));
  const schedule = train('lr_scheduler_type');
  const [evaluates, saves] = [train('eval_strategy'), train('save_strategy')];
  const task = fields.string('model', 'task');
  const base = fields.string('model', 'base');
  const other = (...tasks: string[]) =>
    task === undefined || tasks.includes(task) ? undefined : `the task is \`${task}\``;
  const unlabelled = other('text-classification', 'token-classification');
  const preference = preferenceMethod(fields);
  const pairs = preference && `\`method: ${preference}\` learns from pairs of answers`;
  const unpacked = fields.value('data', 'packing') === false ? '`packing` is off' : undefined;
  const lossType = fields.string('method', 'dpo', 'loss_type');
  const isOther = (value: unknown) => typeof value === 'string' && value !== 'steps';
  return [
    {
      path: ['train', 'num_train_epochs'],
      because: steps > 0 ? `\`max_steps\` is ${steps}` : undefined,
    },
    {
      path: ['train', 'warmup_steps'],
      because:
        schedule === 'constant' && Number(train('warmup_steps')) > 0
          ? '`lr_scheduler_type` is `constant`'
          : undefined,
      fix: set('lr_scheduler_type', 'constant_with_warmup'),
    },
    {
      path: ['train', 'lr_scheduler_kwargs'],
      because: ['constant', 'constant_with_warmup'].includes(String(schedule))
        ? `\`lr_scheduler_type: ${String(schedule)}\` takes no arguments`
        : undefined,
    },
    {
      path: ['train', 'early_stopping_threshold'],
      because: train('early_stopping_patience') === null ? '`early_stopping_patience` is unset' : undefined,
    },
    {
      path: ['train', 'eval_steps'],
      because: isOther(evaluates) ? `\`eval_strategy\` is \`${String(evaluates)}\`` : undefined,
      fix: set('eval_strategy', 'steps'),
    },
    {
      path: ['train', 'save_steps'],
      because: isOther(saves) ? `\`save_strategy\` is \`${String(saves)}\`` : undefined,
      fix: set('save_strategy', 'steps'),
    },
    {
      path: ['data', 'mlm_probability'],
      because: other('fill-mask'),
    },
    { path: ['data', 'packing'], because: other('text-generation') ?? pairs },
    { path: ['data', 'packing_strategy'], because: other('text-generation') ?? pairs ?? unpacked },
    ...['completion_only_loss', 'assistant_only_loss'].map((name) => ({
      path: ['data', name],
      because: other('text-generation') ?? pairs,
    })),
    { path: ['data', 'chat_template_path'], because: other('text-generation') },
    { path: ['train', 'sample_steps'], because: other('text-generation') },
    {
      path: ['train', 'sample_prompts'],
      because:
        other('text-generation') ?? (train('sample_steps') === null ? '`sample_steps` is unset' : undefined),
    },
    { path: ['train', 'label_smoothing_factor'], because: pairs },
    {
      path: ['method', 'dpo', 'label_smoothing'],
      because:
        lossType === undefined || lossType === 'robust' ? undefined : `\`loss_type\` is \`${lossType}\``,
    },
    { path: ['model', 'num_labels'], because: unlabelled },
    { path: ['model', 'problem_type'], because: other('text-classification') },
    { path: ['model', 'labels'], because: unlabelled },
    {
      path: ['model', 'architecture'],
      because: base !== undefined && base !== 'scratch' ? '`base` names a model that has its own' : undefined,
    },
  ];
}

function datasetRules(fields: Fields): Rule[] {
  const format = fields.string('format');
  const roles = format === undefined ? [] : readRoles(format);
  const without = (role: string) =>
    roles.length === 0 || roles.includes(role)
      ? undefined
      : `rows of \`format: ${format}\` have no ${NOUNS[role] ?? role}`;
  return [
    ...Object.keys(fieldsOf(schemaAt(schemaOf('dataset'), ['columns']) ?? {})).map((role) => ({
      path: ['columns', role],
      because: without(role),
    })),
    {
      path: ['labels'],
      because:
        format === 'tokens' || roles.includes('labels')
          ? undefined
          : format === 'regression'
            ? 'rows of `format: regression` have numbers'
            : without('label'),
    },
    { path: ['label_separator'], because: without('labels') },
    {
      path: ['label_separator'],
      because:
        fields.node('columns', 'labels')?.type === 'seq' ? 'each label has a column of its own' : undefined,
    },
  ];
}
