import { displayMetric } from '../../protocol/display.ts';
import { formatMetric, formatPercent, isShare } from '../../protocol/format.ts';
import { fromWire, type WireNumber } from '../../protocol/numbers.ts';

const TITLES: Record<string, string> = {
  loss: 'Loss',
  grad_norm: 'Gradient norm',
  'system/cpu_percent': 'Processor, % of a core',
  'system/memory_megabytes': 'Memory, MiB',
  'system/gpu_percent': 'Graphics card, % busy',
  'system/gpu_memory_megabytes': 'Memory of the graphics card, MiB',
};

/** What a metric is called, without its split: `eval_macro_f1` → `Macro-F1`, `learning_rate` → `Learning rate`. */
export function metricTitle(metric: string): string {
  const name = baseName(metric);
  const text = TITLES[name] ?? displayMetric(name).replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What the column of a metric is called in a table, where there is no other word of its split. */
export function columnTitle(metric: string): string {
  return metric.startsWith('eval_') ? `Eval ${metricTitle(metric).toLowerCase()}` : metricTitle(metric);
}

/** The metric that a name is of, whatever the split: `eval_loss` → `loss`. */
export function baseName(metric: string): string {
  return metric.replace(/^eval_/, '');
}

/** A value in a sentence or a legend; what is not finite as a word. */
export function valueWord(metric: string, value: WireNumber): string {
  const number = fromWire(value);
  if (Number.isFinite(number)) return formatMetric(metric, number);
  return nonFiniteWord(number);
}

/** `NaN`, `Infinity`, `−Infinity`. */
export function nonFiniteWord(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? 'Infinity' : '−Infinity';
}

/** A step with its thousands apart. */
export function stepWord(step: number): string {
  return Math.round(step).toLocaleString('en-US');
}

/** A value in a table cell: five digits, none of them dropped, so that numbers that stand under each other are as long. */
export function cellWord(metric: string, value: WireNumber | null): string {
  if (value === null) return '';
  const number = fromWire(value);
  if (!Number.isFinite(number)) return nonFiniteWord(number);
  if (isShare(metric)) return formatPercent(number, 2);
  const size = Math.abs(number);
  if (size !== 0 && (size < 1e-3 || size >= 1e7)) return number.toExponential(3).replace('e+', 'e');
  return size >= 1e4 ? Math.round(number).toLocaleString('en-US') : number.toPrecision(5);
}

/** `1 value`, `3 values`. */
export function countWord(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? noun : plural}`;
}
