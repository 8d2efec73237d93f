import { displayMetric, displayValue } from '../../../protocol/display.ts';
import type { ObjectiveDescription } from '../../../protocol/notebook.ts';
import { markdownTable, plainMarkdown } from './table.ts';

/** Whether an objective is met, as Markdown: the verdict, and every number that it asks for. */
export function objectiveOutput({ name, evaluation, run, verdict }: ObjectiveDescription): string {
  const { met, candidate, checks } = verdict;
  const rows = checks.map((check) => [
    plainMarkdown(displayMetric(check.metric)),
    `${check.comparison.replace(/[<>]/, '\\$&')} ${displayValue(check.metric, check.bound)}`,
    check.value === null ? 'not measured' : displayValue(check.metric, check.value),
    check.met ? '✓ met' : '✗ not met',
  ]);
  return [
    `**${plainMarkdown(name)}** is ${met ? `accepted: ${plainMarkdown(candidate)} meets all of it.` : `not accepted: ${plainMarkdown(candidate)} comes nearest.`}`,
    markdownTable(['metric', 'asked:', 'measured:', ''], rows),
    `Measured by ${plainMarkdown(evaluation)} (${plainMarkdown(run)}).`,
  ].join('\n\n');
}
