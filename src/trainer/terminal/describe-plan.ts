import { describeBatchMemory, describeGpuMemory } from '../../protocol/describe-memory.ts';
import { describeLosses, describePacking } from '../../protocol/describe-rows.ts';
import { formatBytes, formatDuration, formatPercent, formatWhole } from '../../protocol/format.ts';
import type { PlannedExample, RunPlan } from '../../protocol/plan.ts';
import type { Style } from './style.ts';

/** A plan in words: one line a fact, then the first examples with what counts in green, or between ⟦ and ⟧ without colours. */
export function describePlan(plan: RunPlan, style: Style): string {
  const colours = style.green('') !== '';
  const { parameters, disk, probe } = plan;
  const lines: [string, string][] = [
    [
      'steps',
      `${formatWhole(plan.steps)}, ${formatWhole(plan.stepsPerEpoch)} an epoch, ${formatWhole(plan.warmupSteps)} of warm-up`,
    ],
    ['rows', `${formatWhole(plan.rows)} of format ${plan.format}${describeLosses(plan)}`],
    ...(plan.evaluated ? [evaluatedLine(plan.evaluated)] : []),
    ['tokens', `${formatWhole(plan.tokens)} an epoch, ${formatWhole(plan.longest)} in the longest row`],
    ...(plan.packing ? [['packing', describePacking(plan.packing)] satisfies [string, string]] : []),
    ['padding', `${formatPercent(plan.paddingShare)} of padded batches; it is not computed`],
    [
      'parameters',
      `${formatWhole(parameters.trained)} trained of ${formatWhole(parameters.total)} (${formatPercent(parameters.trained / parameters.total)})`,
    ],
    ['state', `${formatBytes(plan.stateMemory)} of weights, gradients and moments`],
    ...(plan.gpuMemory ? [['gpu', describeGpuMemory(plan.gpuMemory)] satisfies [string, string]] : []),
    ['batch', describeBatchMemory(plan.batchMemory)],
    [
      'disk',
      `${formatBytes(disk.most)}: ${formatBytes(disk.checkpoint)} a checkpoint, ${formatBytes(disk.output)} for the result`,
    ],
    ...(probe ? probeLines(probe) : []),
    ...(plan.notMeasured === undefined ? [] : [['time', plan.notMeasured] satisfies [string, string]]),
    ['device', plan.device],
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  const facts = lines.map(([name, value]) => `  ${style.dim(name.padEnd(width))}  ${value}`);
  const shown = plan.examples.map((example, i) => describeExample(example, i + 1, style, colours));
  const legend = plan.examples.some(({ segments }) => segments.some(({ counts }) => counts))
    ? `The first rows as the model sees them; ${colours ? style.green('what counts for the loss') : '⟦what counts for the loss⟧'}:`
    : 'The first rows as the model sees them:';
  return [`${style.bold(plan.run)} would do this:`, ...facts, '', legend, ...shown].join('\n');
}

function evaluatedLine({ rows, heldOut }: NonNullable<RunPlan['evaluated']>): [string, string] {
  return ['evaluated', `${formatWhole(rows)} rows${heldOut ? ', held out of the training data' : ''}`];
}

function probeLines({
  steps,
  millisecondsPerStep,
  seconds,
  peakMemory,
}: NonNullable<RunPlan['probe']>): [string, string][] {
  return [
    [
      'time',
      `about ${formatDuration(Math.ceil(seconds))} (${millisecondsPerStep.toFixed(0)} ms a step, measured on ${steps}), without evaluations`,
    ],
    ['memory', `${formatBytes(peakMemory)} at most so far, measured`],
  ];
}

function describeExample(
  { segments, tokens, label }: PlannedExample,
  place: number,
  style: Style,
  colours: boolean,
): string {
  const mark = (text: string) => (colours ? style.green(text) : `⟦${text}⟧`);
  const text = segments.map((segment) => (segment.counts ? mark(segment.text) : segment.text)).join('');
  const head = `${place}. ${formatWhole(tokens)} tokens${label === undefined ? '' : `, label ${JSON.stringify(label)}`}`;
  return `${style.dim(head)}\n${text.replaceAll(/^/gm, '   ')}`;
}
