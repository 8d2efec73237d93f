import type { PanelRun, PanelSamples, RunSample } from '../../protocol/webview.ts';

/** What runs answered to one prompt, in the order of the runs: each with its newest answer until a step. */
export interface SampleRow {
  prompt: string;
  answers: (RunSample | undefined)[];
}

/** Samples of several runs beside each other. */
export interface SampleTable {
  /** Runs that have samples, in the order of the panel. */
  runs: PanelRun[];
  /** All steps at which some run answered, ascending. */
  steps: number[];
  /** The one that is shown. */
  step: number;
  rows: SampleRow[];
}

/**
 * Puts what runs answered while they trained side by side: a row a prompt, a column a run. Runs answer at steps of their own, so each
 * shows what it last said until the step.
 * @param wanted the step to show; undefined for the newest
 * @param hidden ids of runs that are left out
 */
export function makeSampleTable(
  runs: readonly PanelRun[],
  samples: ReadonlyMap<string, PanelSamples['samples']>,
  wanted: number | undefined,
  hidden: readonly string[] = [],
): SampleTable | undefined {
  const shown = runs.filter(({ id }) => (samples.get(id)?.length ?? 0) > 0 && !hidden.includes(id));
  const all = shown.map(({ id }) => samples.get(id) ?? []);
  const steps = [...new Set(all.flat().map(({ step }) => step))].sort((a, b) => a - b);
  const newest = steps.at(-1);
  if (newest === undefined) return undefined;
  const step =
    wanted === undefined ? newest : (steps.findLast((each) => each <= wanted) ?? steps[0] ?? newest);
  const prompts = [...new Set(all.flat().map(({ prompt }) => prompt))];
  const answerOf = (of: PanelSamples['samples'], prompt: string) =>
    of.findLast((sample) => sample.prompt === prompt && sample.step <= step);
  const rows = prompts.map((prompt) => ({ prompt, answers: all.map((of) => answerOf(of, prompt)) }));
  return { runs: shown, steps, step, rows };
}

/** The step before or behind the one that is shown; undefined where there is none. */
export function neighbour({ steps, step }: SampleTable, direction: 1 | -1): number | undefined {
  return steps[steps.indexOf(step) + direction];
}
