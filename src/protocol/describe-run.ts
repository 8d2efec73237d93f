import { formatAge, formatDuration, formatMetric } from './format.ts';
import { fromWire } from './numbers.ts';
import { isFinal } from './events.ts';
import type { RunSummary } from './run.ts';

/** Words for a run, the same in the tree, the status bar and for screen readers. Pure. */

/** What a run is called: as the person named it, else as its document is. */
export function runTitle({ name, meta }: Pick<RunSummary, 'name' | 'meta'>): string {
  return meta?.name ?? name;
}

/** The name in the id of a run, for one whose `run.json` is not there to tell it. */
export function nameInId(id: string): string {
  return id.replace(/^\d{8}T\d{6}Z-/, '').replace(/-[0-9a-f]{4}$/, '');
}

/** Where a run comes from, as the beginning of a sentence: `continued from step 500 of intents-lora`; undefined for one of its own. */
export function originOf({ parent }: Pick<RunSummary, 'parent'>): string | undefined {
  if (!parent) return undefined;
  const name = nameInId(parent.id);
  if (parent.as === 'sweep') return `part of the sweep ${name}`;
  if (parent.as === 'duplicate') return `copy of ${name}`;
  const step = parent.step ?? 0;
  return step > 0 ? `continued from step ${step.toLocaleString('en-US')} of ${name}` : `${name} once more`;
}

/** The state as a word; while an evaluation works it evaluates, whatever its phase. */
export function stateWord(run: RunSummary): string {
  if (run.state === 'running' && run.kind === 'evaluate') return 'evaluating';
  return run.state;
}

/** What stands beside the name in the tree: how far, how well, how long. */
export function describeRun(run: RunSummary, now: number = Date.now()): string {
  if (run.problem !== undefined && run.createdAt === '') return run.problem;
  const parts = isFinal(run.state) ? doneParts(run, now) : liveParts(run);
  return parts.filter((part) => part !== undefined).join(' · ');
}

/** Progress as a whole percentage, rounded down so that 100 % means done; undefined while nothing is counted. */
export function percentDone(run: RunSummary): number | undefined {
  if (!run.progress || run.progress.total <= 0) return undefined;
  return Math.min(100, Math.floor((100 * run.progress.done) / run.progress.total));
}

/** `45 s left`, where the process has said so. */
export function timeLeft(run: RunSummary): string | undefined {
  const seconds = run.progress?.secondsLeft;
  return seconds === undefined ? undefined : `${formatDuration(seconds)} left`;
}

/** The one metric that says most about a run: `loss 0.4312`, or the accuracy once it is known. */
export function headline(run: RunSummary): string | undefined {
  const order = isFinal(run.state)
    ? ['eval_accuracy', 'accuracy', 'eval_macro_f1', 'eval_loss', 'loss']
    : ['loss', 'eval_loss'];
  const name = order.find((key) => run.metrics[key] !== undefined);
  const value = name === undefined ? undefined : run.metrics[name];
  if (name === undefined || value === undefined) return undefined;
  return `${name.replace(/^eval_(?!loss)/, '').replaceAll('_', ' ')} ${formatMetric(name, fromWire(value))}`;
}

/** How long the run took or has taken, in seconds; undefined when its times are not known. */
export function elapsed(run: RunSummary, now: number = Date.now()): number | undefined {
  const start = Date.parse(run.createdAt);
  const end = run.finishedAt === undefined ? now : Date.parse(run.finishedAt);
  return Number.isNaN(start) || Number.isNaN(end) ? undefined : (end - start) / 1000;
}

function liveParts(run: RunSummary): (string | undefined)[] {
  const percent = percentDone(run);
  const counted = percent === undefined ? undefined : `${phaseWord(run)}${percent} %`;
  if (run.state === 'paused') return ['paused', counted, headline(run)];
  if (run.state === 'queued' || run.state === 'stopping') return [run.state, run.reason ?? headline(run)];
  return [counted ?? stateWord(run), headline(run), timeLeft(run)];
}

/** Percentages of anything but training say of what. */
function phaseWord({ progress, kind }: RunSummary): string {
  const words: Record<string, string> = {
    download: 'downloading ',
    load: 'loading ',
    tokenize: 'tokenizing ',
    reference: 'comparing ',
    evaluate: 'evaluating ',
    save: 'saving ',
    sweep: 'runs ',
  };
  if (kind === 'evaluate' && progress?.phase === 'evaluate') return '';
  return words[progress?.phase ?? ''] ?? '';
}

function doneParts(run: RunSummary, now: number): (string | undefined)[] {
  const ended = Date.parse(run.finishedAt ?? run.createdAt);
  const age = Number.isNaN(ended) ? undefined : formatAge(now - ended);
  if (run.state === 'failed') return ['failed', run.error?.message, age];
  const word = run.state === 'finished' ? undefined : run.state;
  const stoppedAt = run.state === 'finished' || run.step === 0 ? undefined : `step ${run.step}`;
  return [word, stoppedAt, headline(run), age];
}
