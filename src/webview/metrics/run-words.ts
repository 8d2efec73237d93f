import { elapsed, percentDone, runTitle, stateWord } from '../../protocol/describe-run.ts';
import { formatBytes, formatDuration, formatNumber } from '../../protocol/format.ts';
import { isFinal } from '../../protocol/events.ts';
import type { DeviceInfo, RunSummary } from '../../protocol/run.ts';
import type { PanelRun } from '../../protocol/webview.ts';
import { stepWord } from './words.ts';

/** Words for one run of the panel. */

/** Whether a run still works, and may be stopped. */
export function isLive({ state }: RunSummary): boolean {
  return !isFinal(state);
}

/** What a run is called in the panel. */
export function runName({ id, summary }: PanelRun): string {
  return summary ? runTitle(summary) : id;
}

const PHASES: Record<string, { doing: string; unit: string }> = {
  download: { doing: 'Downloading', unit: 'byte' },
  load: { doing: 'Loading the model', unit: 'file' },
  tokenize: { doing: 'Tokenizing', unit: 'row' },
  reference: { doing: 'Asking the reference model', unit: 'pair' },
  train: { doing: 'Training', unit: 'step' },
  evaluate: { doing: 'Evaluating', unit: 'example' },
  save: { doing: 'Saving', unit: 'file' },
  sweep: { doing: 'Sweeping', unit: 'run' },
};

/**
 * What the run is at and how far: `Training: step 620 of 1,000 (62 %), 8.3 steps/s, 46 s left.` For a run that has ended, how far it
 * came and how long it took.
 */
export function describeProgress(run: RunSummary, now: number): string {
  return isLive(run) ? describeLive(run) : describeEnd(run, now);
}

function describeLive(run: RunSummary): string {
  const { state, reason, progress } = run;
  if (state === 'queued') return sentence(reason ?? 'Waiting for its turn.');
  if (state === 'stopping') return sentence(`Stopping. ${reason ?? ''}`);
  if (state === 'paused')
    return sentence(`Paused${progress ? ` at step ${stepWord(progress.done)}` : ''}. ${reason ?? ''}`);
  if (!progress) return state === 'preparing' ? 'Preparing the data and the model.' : 'Starting.';
  const { doing, unit } = PHASES[progress.phase] ?? { doing: progress.phase, unit: 'part' };
  const parts = [counted(progress, unit, percentDone(run))];
  if (progress.rate !== undefined && progress.rate > 0) parts.push(rateWord(progress.rate, unit));
  if (progress.secondsLeft !== undefined) parts.push(`${formatDuration(progress.secondsLeft)} left`);
  return sentence(`${doing}: ${parts.join(', ')}`);
}

function counted(
  { done, total }: { done: number; total: number },
  unit: string,
  percent: number | undefined,
): string {
  // While something is read, nobody knows yet how much of it there is.
  if (total <= done && unit === 'row') return `${stepWord(done)} rows`;
  if (unit === 'byte') return `${formatBytes(done)} of ${formatBytes(total)} (${percent ?? 0} %)`;
  const share = percent === undefined ? '' : ` (${percent} %)`;
  return unit === 'step'
    ? `step ${stepWord(done)} of ${stepWord(total)}${share}`
    : `${stepWord(done)} of ${stepWord(total)} ${unit}s${share}`;
}

/** `8.3 steps/s`; slow ones as `4.2 s a step`. */
function rateWord(rate: number, unit: string): string {
  if (unit === 'byte') return `${formatBytes(rate)}/s`;
  return rate >= 1 ? `${formatNumber(rate, 3)} ${unit}s/s` : `${secondsWord(1 / rate)} a ${unit}`;
}

function secondsWord(seconds: number): string {
  return seconds < 60 ? `${formatNumber(seconds, 2)} s` : formatDuration(seconds);
}

function describeEnd(run: RunSummary, now: number): string {
  const seconds = run.finishedAt === undefined ? undefined : elapsed(run, now);
  const took = seconds === undefined ? '' : ` after ${formatDuration(seconds)}`;
  const at = run.step > 0 ? ` at step ${stepWord(run.step)}` : '';
  const why = run.reason ? ` ${sentence(run.reason)}` : '';
  if (run.state === 'lost') return `Lost${at}.${why}`;
  if (run.state === 'failed') return `Failed${at}${took}.${why}`;
  if (run.state === 'stopped') return `Stopped${at}${took}.${why}`;
  return run.step > 0
    ? `Finished ${stepWord(run.step)} steps${took.replace('after', 'in')}.`
    : `Finished${took.replace('after', 'in')}.`;
}

/** `Device: AMD EPYC 9454, 2 threads (no GPU was found)`. */
export function describeDevice({ description, reason }: DeviceInfo): string {
  return reason ? `${description} (${reason})` : description;
}

/** What a screen reader is told when a run changes: its state, not its numbers. Undefined while nothing is new. */
export function announceChange(before: PanelRun | undefined, after: PanelRun): string | undefined {
  const name = runName(after);
  const parts: string[] = [];
  if (after.summary && before?.summary?.state !== after.summary.state)
    parts.push(`${name}: ${stateWord(after.summary)}.`);
  if (!before) return parts.join(' ') || undefined;
  const known = new Set(before.notices.map(({ message }) => message));
  for (const { severity, message } of after.notices)
    if (!known.has(message))
      parts.push(`${severity === 'error' ? 'Error' : 'Warning'} in ${name}: ${message}`);
  return parts.join(' ') || undefined;
}

function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
