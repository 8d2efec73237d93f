import { TunebookError } from '../../../protocol/error.ts';
import type { RunWriter } from '../../../runs/writer.ts';
import type { Candidate } from '../candidate.ts';
import { readTargetExamples, type TargetExamples, type TextExamples } from '../examples.ts';
import { agreeOnNames } from '../labels.ts';
import { limitRows, takeTexts } from '../limit-rows.ts';
import { describe, inspectCandidates, keepOrCheck, openSettled } from '../prepare-evaluation.ts';
import type { TargetEvaluation } from './target-evaluation.ts';

/** Everything that is known before a model is loaded. */
export interface PreparedTargets {
  readonly evaluation: TargetEvaluation;
  readonly examples: TextExamples;
  /** The labels, in the order of the columns of `values`; of numbers none. */
  readonly labels: readonly string[];
  /** `[rows, width]`: what is right. */
  readonly references: Float64Array;
  readonly width: number;
  /** `[width]` per candidate: which label each output of its classifier stands for. */
  readonly ofOutput: ReadonlyMap<string, Int32Array>;
  readonly candidates: readonly Candidate[];
  /** The folder whose `.tunebook/runs` holds the runs. */
  readonly workspace: string;
}

/**
 * Reads the examples, finds every candidate and checks that they fit each other; then writes `candidates.json`, or checks that it says
 * the same.
 * @throws TunebookError whatever does not fit, before anything is computed; the signal's reason when aborted
 */
export async function prepareTargets(
  evaluation: TargetEvaluation,
  writer: RunWriter,
  signal: AbortSignal,
): Promise<PreparedTargets> {
  const { settled, workspace } = openSettled(evaluation, writer);
  const candidates = await inspectCandidates(evaluation, settled, { workspace, file: evaluation.file });
  const all = await readTargetExamples(evaluation.data, signal);
  const { labels, matchedByPlace, ...agreed } = agree(evaluation, all, candidates);
  const rows = limitRows(all.texts.length, evaluation.limit);
  const examples = takeTexts(all, rows);
  const found = await describe({ examples, labels, candidates, workspace }, evaluation.file, signal);
  keepOrCheck(settled, found, { candidates, agreed: { labels, matchedByPlace } }, writer);
  const { width, references } = agreed;
  const taken = rows.flatMap((row) => [...references.subarray(row * width, (row + 1) * width)]);
  return {
    evaluation,
    examples,
    labels,
    candidates,
    workspace,
    ...agreed,
    references: Float64Array.from(taken),
  };
}

function agree(evaluation: TargetEvaluation, examples: TargetExamples, candidates: readonly Candidate[]) {
  const { values, names } = examples.targets;
  if (evaluation.problem === 'regression') {
    for (const candidate of candidates) checkOneOutput(candidate, evaluation.file);
    const ofOutput = new Map(candidates.map(({ name }) => [name, Int32Array.of(0)]));
    return { labels: [], matchedByPlace: [], ofOutput, references: Float64Array.from(values), width: 1 };
  }
  const given = names.length;
  const heads = new Map(candidates.map(({ name, classifier }) => [name, classifier.head]));
  const { labels, ofName, ofOutput, matchedByPlace } = agreeOnNames(
    {
      ...examples,
      names,
      firstWith: (name) => examples.placeOf(firstRow(values, given, name)),
    },
    evaluation.data.dataset.labels,
    heads,
  );
  const width = labels.length;
  const references = new Float64Array((values.length / given) * width);
  values.forEach((value, i) => {
    if (value === 1) references[Math.floor(i / given) * width + ofName[i % given]!] = 1;
  });
  return { labels, matchedByPlace, ofOutput, references, width };
}

/** The first row that has a label; the first of all where none has. */
function firstRow(values: Float32Array, width: number, label: number): number {
  for (let row = 0; row * width < values.length; row++) if (values[row * width + label] === 1) return row;
  return 0;
}

function checkOneOutput({ name, classifier: { head } }: Candidate, file: string): void {
  const outputs = head.kind === 'named' ? head.labels.length : head.kind === 'unnamed' ? head.count : 1;
  if (outputs === 1) return;
  throw new TunebookError(
    'evaluate/label-count',
    `"${name}" has ${outputs} outputs, but rows of format "regression" have one number.`,
    { hint: 'Leave it out, or train it on such rows.', location: { file } },
  );
}
