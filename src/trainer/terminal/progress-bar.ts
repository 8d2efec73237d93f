import { formatBytes, formatDuration, formatNumber } from '../../protocol/format.ts';
import type { ProgressEvent } from '../../protocol/events.ts';
import type { Style } from './style.ts';

const WIDTH = 24;

const UNITS: Record<ProgressEvent['phase'], string> = {
  download: 'bytes',
  load: 'files',
  tokenize: 'rows',
  reference: 'pairs',
  measure: 'steps',
  train: 'steps',
  evaluate: 'rows',
  save: 'files',
  sweep: 'runs',
};

const VERBS: Record<ProgressEvent['phase'], string> = {
  download: 'downloading',
  load: 'loading',
  tokenize: 'tokenizing',
  reference: 'comparing',
  measure: 'measuring',
  train: 'training',
  evaluate: 'evaluating',
  save: 'saving',
  sweep: 'sweeping',
};

/** What a progress line says besides its counts: `loss 0.4312`. */
export type Extras = readonly string[];

/**
 * A progress event as one line that fits into `columns`: `training ████░░░░ 42 %  126/300  loss 0.43  5.2 steps/s  34 s left`.
 * What does not fit is left out from the end.
 */
export function progressBar(event: ProgressEvent, extras: Extras, columns: number, style: Style): string {
  if (isOpenEnded(event)) return `${VERBS[event.phase]}  ${event.done} ${UNITS[event.phase]}`;
  const done = Math.round(WIDTH * share(event));
  const bar = `${style.green('█'.repeat(done))}${style.dim('░'.repeat(WIDTH - done))}`;
  const head = `${VERBS[event.phase].padEnd(10)} `;
  let text = `${head}${bar} ${percent(event)}`;
  let width = head.length + WIDTH + 1 + percent(event).length;
  for (const part of parts(event, extras)) {
    // One column stays free: in the last one some terminals break the line.
    if (width + 2 + part.length >= columns) break;
    text += `  ${part}`;
    width += 2 + part.length;
  }
  return text;
}

/** The same for a log: `training 126/300 (42 %), loss 0.43, 5.2 steps/s, 34 s left`. */
export function progressLine(event: ProgressEvent, extras: Extras): string {
  const [counts, ...others] = parts(event, extras);
  return [`${VERBS[event.phase]} ${counts} (${percent(event).trim()})`, ...others].join(', ');
}

/** While the rows are read nobody knows how many there will be. */
export function isOpenEnded({ phase }: ProgressEvent): boolean {
  return phase === 'tokenize';
}

/** Between 0 and 1. */
export function share({ done, total }: ProgressEvent): number {
  return total > 0 ? Math.min(1, done / total) : 0;
}

function percent(event: ProgressEvent): string {
  return `${String(Math.floor(100 * share(event))).padStart(3)} %`;
}

function parts(event: ProgressEvent, extras: Extras): string[] {
  const { phase, done, total, rate, secondsLeft } = event;
  const isBytes = phase === 'download';
  const perSecond =
    rate === undefined ? '' : isBytes ? formatBytes(rate) : `${formatNumber(rate, 2)} ${UNITS[phase]}`;
  return [
    isBytes ? `${formatBytes(done)} of ${formatBytes(total)}` : `${done}/${total}`,
    ...extras,
    ...(rate === undefined ? [] : [`${perSecond}/s`]),
    ...(secondsLeft === undefined || done >= total ? [] : [`${formatDuration(secondsLeft)} left`]),
  ];
}
