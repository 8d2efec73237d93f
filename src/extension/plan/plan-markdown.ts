import { describeBatchMemory, describeGpuMemory } from '../../protocol/describe-memory.ts';
import { describeLosses, describePacking } from '../../protocol/describe-rows.ts';
import { formatBytes, formatDuration, formatPercent, formatWhole } from '../../protocol/format.ts';
import type { PlannedExample, RunPlan } from '../../protocol/plan.ts';

/**
 * A plan as Markdown: what it was warned of, a table of what the run would do, and its first rows with what counts for the loss in bold.
 * @param warnings sentences
 */
export function planMarkdown(plan: RunPlan, warnings: readonly string[] = []): string {
  const { parameters, disk, probe } = plan;
  const rows: [string, string][] = [
    [
      'Steps',
      `${formatWhole(plan.steps)}, ${formatWhole(plan.stepsPerEpoch)} an epoch, ${formatWhole(plan.warmupSteps)} of warm-up`,
    ],
    ['Rows', `${formatWhole(plan.rows)}${describeLosses(plan)}`],
    ...(plan.evaluated ? [evaluatedRow(plan.evaluated)] : []),
    ['Tokens', `${formatWhole(plan.tokens)} an epoch, ${formatWhole(plan.longest)} in the longest row`],
    ...(plan.packing ? [['Packing', describePacking(plan.packing)] satisfies [string, string]] : []),
    ['Padding', `${formatPercent(plan.paddingShare)} of padded batches; it is not computed`],
    [
      'Parameters',
      `${formatWhole(parameters.trained)} trained of ${formatWhole(parameters.total)} (${formatPercent(parameters.trained / parameters.total)})`,
    ],
    ['State', `${formatBytes(plan.stateMemory)} of weights, gradients and moments`],
    ...(plan.gpuMemory ? [['GPU', describeGpuMemory(plan.gpuMemory)] satisfies [string, string]] : []),
    ['Batch', describeBatchMemory(plan.batchMemory)],
    [
      'Disk',
      `${formatBytes(disk.most)}: ${formatBytes(disk.checkpoint)} a checkpoint, ${formatBytes(disk.output)} for the result`,
    ],
  ];
  if (probe) {
    rows.push(
      [
        'Time',
        `about ${formatDuration(Math.ceil(probe.seconds))} (${probe.millisecondsPerStep.toFixed(0)} ms a step, measured on ${formatWhole(probe.steps)}), without evaluations`,
      ],
      ['Memory', `${formatBytes(probe.peakMemory)} at most so far, measured`],
    );
  }
  if (plan.notMeasured !== undefined) rows.push(['Time', plan.notMeasured]);
  rows.push(['Device', plan.device]);
  return [
    `# ${escape(plan.run)} would do this`,
    ...(warnings.length > 0 ? [warnings.map((each) => `- ⚠ ${escape(each)}`).join('\n')] : []),
    ['| | |', '| --- | --- |', ...rows.map(([name, value]) => `| ${name} | ${escape(value)} |`)].join('\n'),
    ...examples(plan.examples),
    '',
  ].join('\n\n');
}

function evaluatedRow({ rows, heldOut }: NonNullable<RunPlan['evaluated']>): [string, string] {
  return ['Evaluated', `${formatWhole(rows)} rows${heldOut ? ', held out of the training data' : ''}`];
}

function examples(all: readonly PlannedExample[]): string[] {
  if (all.length === 0) return [];
  const marks = all.some(({ segments }) => segments.some(({ counts }) => counts));
  return [
    marks
      ? '## The first rows as the model sees them; what counts for the loss is bold'
      : '## The first rows as the model sees them',
    ...all.map(({ segments, tokens, label }, index) => {
      const head = `${index + 1}. ${formatWhole(tokens)} tokens${label === undefined ? '' : `, label **${escape(label)}**`}`;
      const text = segments
        .map((segment) => (segment.counts ? bold(segment.text) : escape(segment.text)))
        .join('');
      return `${head}\n\n   <pre>${text.replaceAll('\n', '&#10;')}</pre>`;
    }),
  ];
}

function bold(text: string): string {
  return `<b>${escape(text)}</b>`;
}

/** A text that Markdown and HTML leave as it is. */
function escape(text: string): string {
  return text.replace(/[&<>\\`*_[\]|~#$]/g, (mark) => `&#${mark.charCodeAt(0)};`);
}
