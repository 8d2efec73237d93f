import { setFix } from '../edit.ts';
import { rootMap } from '../node.ts';
import { problem, replaceFix, type Problem } from '../problem.ts';
import type { Project } from '../project.ts';
import { LARGEST_COUNT } from '../schema/limits.ts';
import { evalSteps } from './arguments.ts';
import { DatasetView } from './dataset-view.ts';
import type { Fields } from './fields.ts';
import { splitReference } from './splits.ts';
import type { World } from './world.ts';

/** The arithmetic of a run: batches, steps, warm-up, and what falls on which step. Counts as transformers' Trainer does. */
export async function checkSteps(project: Project, fields: Fields, world: World): Promise<Problem[]> {
  const node = fields.node('train', 'max_steps');
  if (node && fields.number('train', 'max_steps') === 0) {
    const message =
      '`max_steps` is 0: there would be no step. Write a number from 1, or -1 for as many as the epochs take.';
    return [problem('tune/no-steps', node, message, [replaceFix('Change to -1', node, '-1')])];
  }
  const rows = await countRows(project, fields, world);
  const batch = rows === undefined ? undefined : checkBatch(project, fields, rows);
  if (batch?.code === 'tune/no-steps') return [batch];
  const steps = totalSteps(fields, rows);
  const late =
    steps === undefined
      ? []
      : [
          tooManySteps(fields, steps),
          longWarmup(fields, steps),
          longDecay(fields, steps),
          lateSave(fields, steps),
          lateEval(fields, steps),
        ];
  return [batch, ...late].filter((each) => each !== undefined);
}

/** Rows of the training split; `undefined` where they are not known. A text set has as many sequences as tokens make. */
export async function countRows(project: Project, fields: Fields, world: World): Promise<number | undefined> {
  const train = splitReference(project, fields.document, 'data', 'train');
  if (
    !train?.dataset ||
    train.split === undefined ||
    fields.string('model', 'task') !== 'text-classification'
  )
    return undefined;
  const facts = await new DatasetView(project, train.dataset).facts(world, train.split);
  return facts && !facts.partial && facts.rows > 0 ? facts.rows : undefined;
}

function checkBatch(project: Project, fields: Fields, rows: number): Problem | undefined {
  const size = fields.number('train', 'per_device_train_batch_size');
  const dropLast = fields.value('train', 'dataloader_drop_last');
  const train = splitReference(project, fields.document, 'data', 'train');
  const node = fields.node('train', 'per_device_train_batch_size') ?? train?.node;
  if (!node || size === undefined || size <= rows || dropLast === undefined) return undefined;
  const root = rootMap(node.document);
  const path = ['train', 'per_device_train_batch_size'];
  const told = `A batch has ${size} rows, but \`${train?.text ?? ''}\` has only ${rows}`;
  if (dropLast === true) {
    const drop = setFix('Set dataloader_drop_last: false', root, ['train', 'dataloader_drop_last'], 'false');
    const message = `${told}, and \`dataloader_drop_last\` leaves out the batch that is not full: there would be no step.`;
    return problem('tune/no-steps', node, message, [
      setFix(`Set the batch to ${rows}`, root, path, String(rows)),
      drop,
    ]);
  }
  const message = `${told}: every step would see all of them. Take a smaller batch.`;
  const smaller = 2 ** Math.max(0, Math.floor(Math.log2(rows)) - 2);
  return problem('tune/batch-too-large', node, message, [
    setFix(`Set the batch to ${smaller}`, root, path, String(smaller)),
  ]);
}

/** ⌈epochs · ⌈batches / accumulation⌉⌉, or `max_steps`. */
export function totalSteps(fields: Fields, rows: number | undefined): number | undefined {
  const limit = fields.number('train', 'max_steps');
  if (limit === undefined || limit > 0) return limit;
  const size = fields.number('train', 'per_device_train_batch_size');
  const window = fields.number('train', 'gradient_accumulation_steps');
  const epochs = fields.number('train', 'num_train_epochs');
  const dropLast = fields.value('train', 'dataloader_drop_last');
  if (rows === undefined || !size || !window || epochs === undefined || dropLast === undefined)
    return undefined;
  const batches = dropLast === true ? Math.floor(rows / size) : Math.ceil(rows / size);
  return Math.ceil(epochs * Math.ceil(batches / window));
}

function tooManySteps(fields: Fields, steps: number): Problem | undefined {
  const node = fields.node('train', 'num_train_epochs');
  if (!node || steps <= LARGEST_COUNT) return undefined;
  const message = `So many epochs are ${steps} steps; the trainer counts to ${LARGEST_COUNT}. Take fewer, or set \`max_steps\`.`;
  return problem('tune/out-of-range', node, message);
}

function longWarmup(fields: Fields, steps: number): Problem | undefined {
  const node = fields.node('train', 'warmup_steps');
  const warmup = fields.number('train', 'warmup_steps');
  const schedule = fields.string('train', 'lr_scheduler_type');
  if (!node || warmup === undefined || warmup < steps || warmup < 1) return undefined;
  if (schedule === undefined || schedule === 'constant') return undefined;
  const message = `The warm-up takes ${warmup} steps, but the run has only ${steps}, so \`learning_rate\` is never reached. Shorten it, or write a fraction of the run.`;
  return problem('tune/warmup-too-long', node, message, [
    replaceFix('Change to 0.1, a tenth of the run', node, '0.1'),
  ]);
}

/** transformers counts what is left for the stable part without looking whether anything is. */
function longDecay(fields: Fields, steps: number): Problem | undefined {
  const path = ['train', 'lr_scheduler_kwargs', 'num_decay_steps'];
  const [node, decay] = [fields.node(...path), fields.number(...path)];
  const written = fields.number('train', 'warmup_steps');
  if (fields.string('train', 'lr_scheduler_type') !== 'warmup_stable_decay') return undefined;
  if (!node || decay === undefined || written === undefined) return undefined;
  const warmup = written < 1 ? Math.ceil(steps * written) : written;
  if (warmup > steps || warmup + decay <= steps) return undefined;
  const message = `The decay takes ${decay} steps and the warm-up ${warmup}, but the run has only ${steps}, so it ends before the lowest rate is reached. Shorten one of them.`;
  const rest = String(steps - warmup);
  return problem('tune/warmup-too-long', node, message, [replaceFix(`Change to ${rest}`, node, rest)]);
}

function lateSave(fields: Fields, steps: number): Problem | undefined {
  const node = fields.node('train', 'save_steps');
  const every = fields.number('train', 'save_steps');
  if (!node || every === undefined || every <= steps) return undefined;
  if (fields.string('train', 'save_strategy') !== 'steps') return undefined;
  const message = `\`save_steps\` is ${every}, but the run has only ${steps} steps: nothing is saved before the end. Take fewer steps, or a fraction of the run.`;
  return problem('tune/never-happens', node, message, [
    replaceFix('Change to 0.25, four times in the run', node, '0.25'),
  ]);
}

function lateEval(fields: Fields, steps: number): Problem | undefined {
  const own = fields.node('train', 'eval_steps');
  const node = own ?? fields.node('train', 'eval_strategy');
  const every = evalSteps(fields);
  if (!node || every === undefined || every <= steps) return undefined;
  if (fields.string('train', 'eval_strategy') !== 'steps') return undefined;
  const source = own ? '`eval_steps` is' : '`eval_strategy: steps` evaluates every `logging_steps`, which is';
  const message = `${source} ${every}, but the run has only ${steps} steps: nothing is evaluated before the end. Take fewer steps, or a fraction of the run.`;
  const root = rootMap(node.document);
  return problem('tune/never-happens', node, message, [
    setFix('Set eval_steps: 0.25, four times in the run', root, ['train', 'eval_steps'], '0.25'),
  ]);
}
