import { SCHEDULE_ARGUMENTS, SCHEDULES, type ScheduleType } from '../schema/schedule.ts';
import { setFix } from '../edit.ts';
import { rootMap } from '../node.ts';
import { problem, removeFix, replaceFix, type Problem } from '../problem.ts';
import type { Entry, Node } from '../tree.ts';
import type { Fields } from './fields.ts';

const PLACE = ['train', 'lr_scheduler_kwargs'];
/** The schedules that transformers starts whatever arguments they are given. */
const HEEDLESS: readonly ScheduleType[] = ['constant', 'constant_with_warmup'];

/** Arguments of the learning-rate schedule that it does not take, or lacks, as transformers' `get_scheduler` would say. */
export function checkSchedule(fields: Fields): Problem[] {
  const named = fields.string('train', 'lr_scheduler_type');
  const type = SCHEDULES.map(([name]) => name).find((name) => name === named);
  if (type === undefined || HEEDLESS.includes(type)) return [];
  const node = fields.node(...PLACE);
  const given = node?.type === 'map' ? node.entries : [];
  const wrong = given.flatMap((entry) => notTaken(fields, type, entry) ?? []);
  if (wrong.length > 0) return wrong;
  return [lacking(fields, type), bothEnds(fields), endsAbove(fields, type)].filter(
    (each) => each !== undefined,
  );
}

function notTaken(fields: Fields, type: ScheduleType, { name, key }: Entry): Problem | undefined {
  const takes = (schedule: ScheduleType) =>
    SCHEDULE_ARGUMENTS[schedule].some((argument) => argument === name);
  const others = SCHEDULES.map(([other]) => other).filter(takes);
  if (takes(type) || others.length === 0) return undefined;
  const own = SCHEDULE_ARGUMENTS[type].map((argument) => `\`${argument}\``).join(', ');
  const message = `\`lr_scheduler_type: ${type}\` takes ${own === '' ? 'no arguments' : own}, and not \`${name}\`, which is one of ${others.map((other) => `\`${other}\``).join(' and ')}.`;
  const written = fields.node('train', 'lr_scheduler_type');
  const entry = fields.entry(...PLACE, name);
  return problem('tune/inconsistent-settings', key, message, [
    written && others[0] && replaceFix(`Change lr_scheduler_type to ${others[0]}`, written, others[0]),
    entry && removeFix(`Remove ${name}`, entry),
  ]);
}

/** What a schedule cannot do without. */
function lacking(fields: Fields, type: ScheduleType): Problem | undefined {
  const node = fields.node('train', 'lr_scheduler_type');
  const isKnown = fields.node(...PLACE)?.type === 'map' || fields.isUnset(...PLACE);
  const isUnset = (name: string) => isKnown && fields.isUnset(...PLACE, name);
  if (!node) return undefined;
  if (type === 'warmup_stable_decay')
    return isUnset('num_decay_steps') ? lacks(node, type, 'num_decay_steps', '100') : undefined;
  const hasEnd = type === 'cosine_with_min_lr' || type === 'cosine_warmup_with_min_lr';
  return hasEnd && isUnset('min_lr') && isUnset('min_lr_rate')
    ? lacks(node, type, 'min_lr_rate', '0.1')
    : undefined;
}

function lacks(node: Node, type: ScheduleType, name: string, value: string): Problem {
  const what = name === 'min_lr_rate' ? '`min_lr` or `min_lr_rate`' : `\`${name}\``;
  const message = `\`lr_scheduler_type: ${type}\` needs ${what} in \`lr_scheduler_kwargs\`.`;
  const root = rootMap(node.document);
  return problem('tune/inconsistent-settings', node, message, [
    setFix(`Add lr_scheduler_kwargs: { ${name}: ${value} }`, root, [...PLACE, name], value),
  ]);
}

function bothEnds(fields: Fields): Problem | undefined {
  const [rate, share] = [fields.entry(...PLACE, 'min_lr'), fields.entry(...PLACE, 'min_lr_rate')];
  if (!rate || !share) return undefined;
  const message = '`min_lr` and `min_lr_rate` both say where the schedule ends. Remove one.';
  return problem('tune/inconsistent-settings', share.key, message, [
    removeFix('Remove min_lr_rate', share),
    removeFix('Remove min_lr', rate),
  ]);
}

/** transformers refuses to let `polynomial` rise. */
function endsAbove(fields: Fields, type: ScheduleType): Problem | undefined {
  const [end, node] = [fields.number(...PLACE, 'lr_end'), fields.node(...PLACE, 'lr_end')];
  const peak = fields.number('train', 'learning_rate');
  if (type !== 'polynomial' || !node || end === undefined || peak === undefined || end < peak)
    return undefined;
  const message = `\`lr_end\` is ${end}, and has to be less than \`learning_rate\`, which is ${peak}.`;
  return problem('tune/inconsistent-settings', node, message, [replaceFix('Change to 0', node, '0')]);
}
