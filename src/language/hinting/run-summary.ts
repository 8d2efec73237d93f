import { formatBytes, formatDuration, formatPercent, formatWhole } from '../../protocol/format.ts';
import type { SizeFacts } from '../../protocol/inspect.ts';
import type { RunPlan } from '../../protocol/plan.ts';

/** What is known of a run before it starts; what is not known is left out. */
export interface RunFigures {
  steps: number | undefined;
  rowsPerDevice: number | undefined;
  accumulated: number | undefined;
  maxLength: number | undefined;
  size: SizeFacts | undefined;
  /** What `tunebook plan` found for the run as it is written now. */
  plan: Pick<RunPlan, 'steps' | 'device' | 'probe'> | undefined;
}

/** A figure, and the sentence that explains it. */
export interface Figure {
  label: string;
  explanation: string;
}

/** The figures of a run in the order that they are read: how long, how wide, how much of the model, how much memory and time. */
export function summarise({
  steps,
  rowsPerDevice,
  accumulated,
  maxLength,
  size,
  plan,
}: RunFigures): Figure[] {
  const batch =
    rowsPerDevice !== undefined && accumulated !== undefined ? rowsPerDevice * accumulated : undefined;
  const total = plan?.steps ?? steps;
  const probe = plan?.probe;
  return [
    total !== undefined && {
      label: counted(total, 'step'),
      explanation: `${counted(total, 'optimizer step')} in the whole run.`,
    },
    batch !== undefined && {
      label: `batch ${formatWhole(batch)}`,
      explanation:
        accumulated === 1
          ? `A step sees ${counted(batch, 'row')}.`
          : `A step sees ${counted(batch, 'row')}: ${formatWhole(rowsPerDevice ?? 0)} × ${formatWhole(accumulated ?? 0)} accumulated.`,
    },
    batch !== undefined &&
      maxLength !== undefined && {
        label: `≤ ${formatWhole(batch * maxLength)} tokens a step`,
        explanation: `A step sees at most ${formatWhole(batch * maxLength)} tokens: ${counted(batch, 'row')} of up to ${formatWhole(maxLength)}.`,
      },
    size && {
      label: trainedShare(size),
      explanation: `${formatWhole(size.parameters.trained)} of ${formatWhole(size.parameters.total)} parameters are trained.`,
    },
    size && {
      label: formatBytes(size.stateMemory),
      explanation: `Weights, gradients and moments take ${formatBytes(size.stateMemory)}; what a batch needs comes on top.`,
    },
    probe && {
      label: `about ${formatDuration(Math.ceil(probe.seconds))}`,
      explanation: `About ${formatDuration(Math.ceil(probe.seconds))} on ${plan.device}, evaluations aside: ${probe.millisecondsPerStep.toFixed(0)} ms a step and ${formatBytes(probe.peakMemory)} at most, measured on ${counted(probe.steps, 'step')}.`,
    },
  ].filter((figure) => typeof figure === 'object');
}

function trainedShare({ parameters: { total, trained } }: SizeFacts): string {
  if (trained === total) return `${short(total)} parameters`;
  return `${formatPercent(trained / total, trained / total < 0.001 ? 3 : 1)} of ${short(total)} parameters`;
}

/** `22.7 M`. */
function short(value: number): string {
  if (value >= 1e9) return `${(value / 1e9).toFixed(1)} B`;
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)} M`;
  return formatWhole(value);
}

function counted(count: number, what: string): string {
  return `${formatWhole(count)} ${what}${count === 1 ? '' : 's'}`;
}
