import { formatDuration, formatNumber } from '../../protocol/format.ts';
import { METRICS_AXES, type MetricsAxis } from '../../protocol/webview.ts';
import { stepWord } from './words.ts';

/** What an axis is called. */
export const AXIS_TITLES: Record<MetricsAxis, string> = {
  step: 'Step',
  epoch: 'Epoch',
  time: 'Time',
  tokens: 'Tokens',
};

/** The axis of a name; steps for a name that is none. */
export function axisNamed(name: string): MetricsAxis {
  return METRICS_AXES.find((axis) => axis === name) ?? 'step';
}

/** A place on an axis: `1,200`, `2.25`, `1 h 5 min`. */
export function axisWord(axis: MetricsAxis, value: number): string {
  if (axis === 'step' || axis === 'tokens') return stepWord(value);
  return axis === 'epoch' ? formatNumber(value, 4) : formatDuration(value * 3600);
}

/** A place in a sentence: `step 1,200`, `epoch 2.25`, `after 1 h 5 min`. */
export function placeWords(axis: MetricsAxis, value: number): string {
  const word = axisWord(axis, value);
  return {
    step: `step ${word}`,
    epoch: `epoch ${word}`,
    time: `after ${word}`,
    tokens: `after ${word} tokens`,
  }[axis];
}

/** A stretch in a sentence: `Steps 10 to 20`. */
export function rangeWords(axis: MetricsAxis, [from, to]: readonly [number, number]): string {
  const [first, last] = [axisWord(axis, from), axisWord(axis, to)];
  return `${{ step: 'Steps', epoch: 'Epochs', time: 'From', tokens: 'Tokens' }[axis]} ${first} to ${last}`;
}
