import { formatDuration, formatMetric } from '../../../protocol/format.ts';
import { fromWire } from '../../../protocol/numbers.ts';
import type { RunSummary } from '../../../protocol/run.ts';
import { markdownTable, plainMarkdown } from './table.ts';

/** Numbers that mean something only while a run goes on. */
const PASSING = /^learning_rate$|_(runtime|per_second)$/;

/** How a training run went, as Markdown: its end, its last numbers, and its picture where there is one. */
export function runOutput(run: RunSummary, picture?: string): string {
  const parts = [describeEnd(run)];
  const rows = Object.entries(run.metrics)
    .filter(([name]) => !PASSING.test(name))
    .map(([name, value]) => [plainMarkdown(name), formatMetric(name, fromWire(value))]);
  if (rows.length > 0) parts.push(markdownTable(['metric', 'value:'], rows));
  if (picture !== undefined)
    parts.push(`![Loss of ${plainMarkdown(run.name)} by step](${encodeURI(picture)})`);
  return parts.join('\n\n');
}

/** `**intents-full** finished: 375 steps, 3 epochs, 11 s on cpu.`, and why where it did not. */
export function describeEnd({
  kind,
  name,
  state,
  step,
  epoch,
  createdAt,
  finishedAt,
  device,
  error,
  reason,
}: RunSummary): string {
  const seconds = (Date.parse(finishedAt ?? '') - Date.parse(createdAt)) / 1000;
  const facts = [
    // A sweep counts its runs as steps.
    step > 0 ? counted(step, kind === 'sweep' ? 'run' : 'step') : undefined,
    epoch > 0 && kind !== 'sweep' ? counted(Number(epoch.toFixed(2)), 'epoch') : undefined,
    Number.isFinite(seconds)
      ? `${formatDuration(seconds)}${device ? ` on ${plainMarkdown(device.device)}` : ''}`
      : undefined,
  ].filter((fact) => fact !== undefined);
  const head = `**${plainMarkdown(name)}** ${state}${facts.length > 0 ? `: ${facts.join(', ')}` : ''}.`;
  const why = error ? [error.message, error.hint].filter(Boolean).join(' ') : reason;
  return why === undefined || state === 'finished' ? head : `${head} ${plainMarkdown(why, 1000)}`;
}

function counted(count: number, word: string): string {
  return `${count.toLocaleString('en-US')} ${word}${count === 1 ? '' : 's'}`;
}
