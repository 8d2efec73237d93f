import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup/run.mjs';

/** Losses and gradient norms may be off by so much, relative, or by so many times what rounding alone does to Trainer's. */
const BOUND = 2e-5;
const TIMES_ROUNDING = 20;

/**
 * Trains with the command line what python/random_runs.py drew and Trainer trained.
 * @param {string} folder of one run
 * @returns {{ what: string, refused?: string, deviation?: number, problems: string[] }} `refused`: why there is nothing to compare with.
 */
export function compareRandomRun(folder) {
  const drawn = readJson(folder, 'case.json');
  const what = [
    drawn.format,
    drawn.family,
    drawn.lora ? 'lora' : 'full',
    ...Object.keys(drawn.method ?? {}),
    drawn.data.packing_strategy,
  ]
    .filter(Boolean)
    .join(', ');
  const refused = join(folder, 'refused.txt');
  if (existsSync(refused))
    return { what, refused: readFileSync(refused, 'utf8').split('\n')[0], problems: [] };
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['dist/tunebook.js', 'run', join(folder, 'run.tune.yaml'), 'random', '--workspace', folder, '--json'],
    { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 },
  );
  if (status !== 0) return { what, problems: [`ended with ${status}: ${stderr.trim().slice(0, 500)}`] };
  const events = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  return { what, ...compare(events, drawn, readJson(folder, 'expected.json')) };
}

function compare(events, drawn, expected) {
  const problems = [];
  const equal = (name, ours, theirs) => {
    if (JSON.stringify(ours) !== JSON.stringify(theirs))
      problems.push(`${name}: ${ours}, Trainer's ${theirs}`);
  };
  const metrics = (split) => events.filter((event) => event.type === 'metrics' && event.split === split);
  const steps = metrics('train');
  const evaluations = metrics('eval');
  const logs = expected.log_history.filter((entry) => 'loss' in entry);
  // The last one was asked for when all was done.
  const evaluated = expected.log_history.filter((entry) => 'eval_loss' in entry).slice(0, -1);

  equal('steps', steps.length, expected.global_step);
  equal('checkpoints', checkpoints(events.at(-1).dir), expected.kept);
  if (drawn.train.eval_strategy !== 'no') equal('evaluated at', stepsOf(evaluations), stepsOf(evaluated));

  const worst = { loss: 0, grad_norm: 0, learning_rate: 0, eval_loss: 0 };
  const note = (key, ours, theirs) => (worst[key] = Math.max(worst[key], relative(ours, theirs)));
  let from = 0;
  for (const entry of logs) {
    const window = steps.slice(from, entry.step);
    const last = window.at(-1);
    from = entry.step;
    if (!last) continue;
    note('loss', window.reduce((sum, { values }) => sum + values.loss, 0) / window.length, entry.loss);
    note('grad_norm', last.values.grad_norm, entry.grad_norm);
    note('learning_rate', last.values.learning_rate, entry.learning_rate);
    if (Math.abs(last.epoch - entry.epoch) > 1e-9)
      equal(`epoch of step ${entry.step}`, last.epoch, entry.epoch);
  }
  for (const { step, eval_loss } of evaluated) {
    const ours = evaluations.find((event) => event.step === step);
    if (ours) note('eval_loss', ours.values.eval_loss, eval_loss);
  }
  // Otherwise Trainer's result is its best model, and our last evaluation that of the last step.
  if (!drawn.train.load_best_model_at_end)
    note('eval_loss', evaluations.at(-1).values.eval_loss, expected.eval_loss_of_result);

  const bounds = {
    loss: Math.max(BOUND, TIMES_ROUNDING * expected.rounding.loss),
    grad_norm: Math.max(BOUND, TIMES_ROUNDING * expected.rounding.grad_norm),
    learning_rate: 1e-12,
    eval_loss: Math.max(BOUND, TIMES_ROUNDING * expected.rounding.loss),
  };
  for (const [key, bound] of Object.entries(bounds))
    if (!(worst[key] <= bound)) problems.push(`${key} is off by ${worst[key].toExponential(1)}`);
  return { deviation: Math.max(worst.loss, worst.grad_norm, worst.eval_loss), problems };
}

/** Below a thousandth absolute: a loss that is nearly gone is rounding alone. */
function relative(ours, theirs) {
  return Math.abs(ours - theirs) / Math.max(1e-3, Math.abs(theirs));
}

function stepsOf(entries) {
  return entries.map(({ step }) => step);
}

function checkpoints(dir) {
  return readdirSync(dir)
    .flatMap((name) => /^checkpoint-(\d+)$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

function readJson(folder, name) {
  return JSON.parse(readFileSync(join(folder, name), 'utf8'));
}
