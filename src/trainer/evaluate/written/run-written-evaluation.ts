import type { ResolvedEvaluate } from '../../../language/resolved.ts';
import type { EvaluationResult } from '../../../protocol/evaluation.ts';
import { RUN_FILES, type DeviceInfo } from '../../../protocol/run.ts';
import type { RunWriter } from '../../../runs/writer.ts';
import { answerExamples, choose } from '../answer-examples.ts';
import {
  answerByAll,
  conductEvaluation,
  SEED,
  type EvaluateOutcome,
  type EvaluateRequest,
} from '../conduct-evaluation.ts';
import { tokenizeExamples } from '../examples.ts';
import { compareAnswers } from '../llm-judge/compare-answers.ts';
import { JUDGE } from '../llm-judge/prepare-judge.ts';
import type { RubricScores } from '../llm-judge/rubric-scores.ts';
import { scoreAnswers } from '../llm-judge/score-answers.ts';
import type { Judgements } from '../llm-judge/win-rate.ts';
import type { WrittenAnswer } from './answer.ts';
import { answerByEndpoint } from './answer-by-endpoint.ts';
import { answerLocally } from './answer-locally.ts';
import { chooseLabels } from './choose-label.ts';
import type { Retry } from './endpoint-client.ts';
import { measure } from './measure.ts';
import { forRepeat, recordsOfRepeat, varies } from './repeats.ts';
import {
  prepareWritten,
  sourceOf,
  type ClassifyingCandidate,
  type PreparedWritten,
  type WrittenCandidate,
} from './prepare.ts';
import { WrittenSheet } from './sheet.ts';

/**
 * Carries out an evaluation whose answers are written, or chosen among labels by a prompt: prepares, answers candidate by candidate,
 * and writes `candidates.json`, `records.jsonl` (a line as soon as an answer is there), `result.json` and the `evaluation` event. In the
 * directory of an evaluation that was interrupted it goes on behind the last answer.
 * @throws TunebookError what a person can mend; the answers so far are kept
 */
export async function evaluateWritten(request: EvaluateRequest<ResolvedEvaluate>): Promise<EvaluateOutcome> {
  const { evaluation, writer } = request;
  return await conductEvaluation(request, {
    prepare: (signal) => prepareWritten(evaluation, writer, signal),
    answer: async (prepared, signal) => {
      const sheet = await answerAll(request, prepared, signal, 0);
      const again: WrittenSheet[] = [];
      for (let repeat = 1; repeat < repeatsOf(prepared); repeat++) {
        const other = sheet && (await answerAll(request, prepared, signal, repeat));
        if (!other) return undefined;
        again.push(other);
      }
      if (!sheet || !prepared.judge) return sheet && { sheet, again };
      const { judge, items, candidates, workspace, metrics } = prepared;
      const outputs = candidates.map(({ name }) => ({ name, outputs: sheet.outputs(name) }));
      const retries = judge.candidate.kind === 'endpoint' ? judge.candidate.endpoint.max_retries : 0;
      const onRetry = retryTeller(JUDGE, retries, writer);
      const asking = { judge, items, workspace, signal, onRetry, file: evaluation.file };
      const scores = judge.rubric && (await scoreAnswers(request, outputs, judge.rubric, asking));
      if (judge.rubric && !scores) return undefined;
      const comparesPairs = metrics.includes('win_rate');
      const judgements = comparesPairs ? await compareAnswers(request, outputs, asking) : undefined;
      if (comparesPairs && !judgements) return undefined;
      return { sheet, again, ...(judgements ? { judgements } : {}), ...(scores ? { scores } : {}) };
    },
    conclude: (prepared, answers) =>
      conclude(prepared, answers, writer, evaluation.judge?.rubric_first === true),
  });
}

function answerAll(
  request: EvaluateRequest<ResolvedEvaluate>,
  prepared: PreparedWritten,
  signal: AbortSignal,
  repeat: number,
): Promise<WrittenSheet | undefined> {
  const { writer } = request;
  const { items, workspace } = prepared;
  const rows = items.list.length;
  const candidates = prepared.candidates
    .filter((each) => repeat === 0 || varies(each, items.kind))
    .map((each) => forRepeat(each, repeat, rows));
  const names = candidates.map(({ name }) => name);
  return answerByAll(request, {
    file: recordsOfRepeat(RUN_FILES.records, repeat),
    candidates,
    rows,
    openSheet: (found) =>
      new WrittenSheet(
        {
          items,
          candidates: names,
          metrics: prepared.metrics,
          workspace,
          ...(prepared.exactMatch ? { exactMatch: prepared.exactMatch } : {}),
        },
        found,
        writer.dir,
      ),
    answer: async (candidate, { sheet, device, keep }) => {
      const open = sheet.open(candidate.name);
      if (open.length === 0) return true;
      return await answer(candidate, open, { request, prepared, device, signal, repeat }, (one) =>
        keep([sheet.add(candidate.name, one)]),
      );
    },
  });
}

interface Answering {
  readonly request: EvaluateRequest<ResolvedEvaluate>;
  readonly prepared: PreparedWritten;
  readonly device: DeviceInfo;
  readonly signal: AbortSignal;
  /** From 0. */
  readonly repeat: number;
}

/** @returns false when it was stopped */
async function answer(
  candidate: WrittenCandidate,
  open: readonly number[],
  answering: Answering,
  onAnswer: (answer: WrittenAnswer) => void,
): Promise<boolean> {
  const { request, prepared, device, signal } = answering;
  const { items, labelled } = prepared;
  if (candidate.kind === 'classifier') return await classify(candidate, open, answering, onAnswer);
  if (candidate.kind === 'endpoint')
    return await answerByEndpoint({
      candidate,
      items: items.list,
      labels: labelled?.agreed.labels,
      open,
      needsUsage: prepared.metrics.includes('cost'),
      signal,
      onAnswer,
      onRetry: retryTeller(candidate.name, candidate.endpoint.max_retries, request.writer),
    });
  const common = { candidate, items: items.list, signal, onAnswer, threads: device.threads };
  const asked = prepared.asked.get(candidate.name)!;
  if (asked.kind === 'choice')
    return await chooseLabels({ ...common, asked: open.map((row) => asked.rows[row]!) });
  const { writes, scores, rows } = asked;
  return await answerLocally({
    ...common,
    asked: open.map((row) => rows[row]!),
    writes,
    // The loss of a reference is the same whatever is drawn.
    scores: scores && answering.repeat === 0,
  });
}

/** Milliseconds between two warnings about requests that are sent again. */
const RETRY_INTERVAL = 1000;

/** Tells of requests that are sent again, of many at once in one warning. */
function retryTeller(name: string, most: number, writer: RunWriter): (retry: Retry) => void {
  let untold = 0;
  let told = -Infinity;
  return ({ why, delay, attempt }) => {
    untold++;
    if (performance.now() - told < RETRY_INTERVAL) return;
    told = performance.now();
    const more = untold > 1 ? `, and ${untold - 1} more like it` : '';
    const when = `${(delay / 1000).toFixed(1)} s`;
    untold = 0;
    writer.event({
      type: 'warning',
      code: 'endpoint/retry',
      message: `"${name}" ${why}; asked again in ${when} (retry ${attempt} of ${most})${more}.`,
    });
  };
}

async function classify(
  { candidate }: ClassifyingCandidate,
  open: readonly number[],
  { request, prepared, device, signal }: Answering,
  onAnswer: (answer: WrittenAnswer) => void,
): Promise<boolean> {
  const { examples, agreed } = prepared.labelled!;
  const { sequences } = await tokenizeExamples(examples, candidate.tokenizer, candidate.maxLength, signal);
  const isOpen = new Set(open);
  const labelOf = agreed.ofOutput.get(candidate.name)!;
  return await answerExamples({
    candidate,
    examples,
    sequences,
    outputs: labelOf.length,
    answerOf: choose(labelOf),
    device,
    stop: request.stop,
    isOpen: (row) => isOpen.has(row),
    onAnswers: (answers) => {
      for (const { row, label, score, latency } of answers)
        if (isOpen.has(row)) onAnswer({ row, output: agreed.labels[label]!, score, latency, detail: {} });
    },
  });
}

function conclude(
  { items, candidates, assertions, labelled, metrics, exactMatch }: PreparedWritten,
  {
    sheet,
    again,
    judgements,
    scores,
  }: {
    readonly sheet: WrittenSheet;
    readonly again: readonly WrittenSheet[];
    readonly judgements?: Judgements;
    readonly scores?: RubricScores;
  },
  writer: RunWriter,
  scoresFirst: boolean,
): EvaluationResult {
  if (judgements) warnUnread(judgements, writer);
  if (scores) warnUnscored(scores, writer);
  const result = measure({
    data: items.data,
    references: items.list.map(({ reference }) => reference),
    ...(labelled ? { labels: labelled.agreed.labels } : {}),
    candidates: candidates.map((each) => ({
      name: each.name,
      outputs: sheet.outputs(each.name),
      ...(varies(each, items.kind) ? { again: again.map((other) => other.outputs(each.name)) } : {}),
    })),
    metrics,
    assertions,
    ...(exactMatch ? { exactMatch } : {}),
    ...(judgements ? { judgements } : {}),
    ...(scores ? { scores, scoresFirst } : {}),
    seed: SEED,
  });
  const sources = Object.fromEntries(candidates.map((each) => [each.name, sourceOf(each)]));
  return { ...result, sources };
}

/** Answers of a judge that say nothing are told of while they can still be looked at. */
function warnUnread({ questions, verdicts }: Judgements, writer: RunWriter): void {
  const unread = verdicts.filter((verdict) => verdict === undefined).length;
  if (unread === 0) return;
  writer.event({
    type: 'warning',
    code: 'evaluate/judge-unread',
    message: `${unread} of ${questions.length} answers of the judge hold no verdict ([[A]], [[B]] or [[C]]), or several; their rows do not count. What it wrote stands in ${RUN_FILES.judgements}.`,
  });
}

function warnUnscored({ questions, scores }: RubricScores, writer: RunWriter): void {
  const unread = scores.filter((score) => score === undefined).length;
  if (unread === 0) return;
  writer.event({
    type: 'warning',
    code: 'evaluate/judge-unread',
    message: `${unread} of ${questions.length} answers of the judge hold no score of the scale, in spite of being asked for again; their rows do not count. What it wrote stands in ${RUN_FILES.rubric}.`,
  });
}

/** How often rows are answered: once where every candidate would say the same again. */
function repeatsOf({ repeats, candidates, items }: PreparedWritten): number {
  return candidates.some((each) => varies(each, items.kind)) ? repeats : 1;
}
