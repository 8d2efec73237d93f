import { join } from 'node:path';
import type { ResolvedEvaluate } from '../../../language/resolved.ts';
import type { EvaluationResult } from '../../../protocol/evaluation.ts';
import { RUN_FILES, type DeviceInfo } from '../../../protocol/run.ts';
import type { StopRequest } from '../../../runs/stop.ts';
import type { RunWriter } from '../../../runs/writer.ts';
import { ProgressMeter } from '../../loop/progress.ts';
import { chooseDevice } from '../../runtime/devices.ts';
import { answerExamples } from '../answer-examples.ts';
import { tokenizeExamples } from '../examples.ts';
import { judge } from '../judge.ts';
import { RecordLog } from '../record-log.ts';
import type { EvaluateOutcome } from '../run-evaluation.ts';
import type { WrittenAnswer } from './answer.ts';
import { answerByEndpoint } from './answer-by-endpoint.ts';
import { answerLocally } from './answer-locally.ts';
import { chooseLabels } from './choose-label.ts';
import type { Retry } from './endpoint-client.ts';
import { isLossMetric, measure } from './measure.ts';
import {
  prepareWritten,
  sourceOf,
  type ClassifyingCandidate,
  type PreparedWritten,
  type WrittenCandidate,
} from './prepare.ts';
import { WrittenSheet } from './sheet.ts';

export interface WrittenRequest {
  readonly evaluation: ResolvedEvaluate;
  readonly writer: RunWriter;
  readonly stop: StopRequest;
  /** The best of this machine when absent. Classifiers compute on it; text is generated on the CPU. */
  readonly device?: DeviceInfo;
}

/** Where resampling starts: the same answers always give the same intervals. */
const SEED = 42;

/**
 * Carries out an evaluation whose answers are written, or chosen among labels by a prompt: prepares, answers candidate by candidate,
 * and writes `candidates.json`, `records.jsonl` (a line as soon as an answer is there), `result.json` and the `evaluation` event. In the
 * directory of an evaluation that was interrupted it goes on behind the last answer.
 * @throws TunebookError what a person can mend; the answers so far are kept
 */
export async function evaluateWritten(request: WrittenRequest): Promise<EvaluateOutcome> {
  const { evaluation, writer, stop } = request;
  const abort = new AbortController();
  const unsubscribe = stop.onRequest(() => abort.abort());
  writer.event({ type: 'state', state: 'preparing' });
  try {
    const prepared = await prepareWritten(evaluation, writer, abort.signal);
    const sheet = await answerAll(request, prepared, abort.signal);
    if (!sheet) return { state: 'stopped' };
    const result = judge(conclude(evaluation, prepared, sheet), evaluation.objectives ?? []);
    writer.writeFileAtomic(RUN_FILES.result, `${JSON.stringify(result)}\n`);
    writer.event({ type: 'evaluation', name: evaluation.name, result });
    return { state: 'finished', result };
  } catch (error) {
    if (abort.signal.aborted && error === abort.signal.reason) return { state: 'stopped' };
    throw error;
  } finally {
    unsubscribe();
  }
}

/** Has every candidate answer what it has not answered yet. Gives undefined when it was stopped. */
async function answerAll(
  request: WrittenRequest,
  prepared: PreparedWritten,
  signal: AbortSignal,
): Promise<WrittenSheet | undefined> {
  const { writer, evaluation } = request;
  const { items, candidates, workspace } = prepared;
  const log = new RecordLog(join(writer.dir, RUN_FILES.records));
  try {
    const names = candidates.map(({ name }) => name);
    const sheet = new WrittenSheet(
      { items, candidates: names, metrics: evaluation.metrics, workspace },
      log.found,
      writer.dir,
    );
    const device = request.device ?? (await chooseDevice('auto'));
    const total = candidates.length * items.list.length;
    const meter = new ProgressMeter(writer, 'evaluate', total, sheet.answered);
    writer.event({ type: 'state', state: 'evaluating' });
    meter.update(sheet.answered);
    for (const candidate of candidates) {
      const open = sheet.open(candidate.name);
      if (open.length === 0) continue;
      const isDone = await answer(candidate, open, { request, prepared, device, signal }, (one) => {
        log.append([sheet.add(candidate.name, one)]);
        meter.update(sheet.answered);
      });
      log.flush();
      if (!isDone) return undefined;
    }
    return sheet;
  } finally {
    log.close();
  }
}

interface Answering {
  readonly request: WrittenRequest;
  readonly prepared: PreparedWritten;
  readonly device: DeviceInfo;
  readonly signal: AbortSignal;
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
      needsUsage: request.evaluation.metrics.includes('cost'),
      signal,
      onAnswer,
      onRetry: retryTeller(candidate.name, candidate.endpoint.max_retries, request.writer),
    });
  const common = { candidate, items: items.list, open, signal, onAnswer, threads: device.threads };
  if (labelled) return await chooseLabels({ ...common, labels: labelled.agreed.labels });
  const { metrics } = request.evaluation;
  return await answerLocally({
    ...common,
    writes:
      items.kind === 'text' &&
      (metrics.some((metric) => !isLossMetric(metric)) || prepared.assertions.size > 0),
    scores: metrics.some(isLossMetric),
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
  return await answerExamples({
    candidate,
    examples,
    sequences,
    labelOf: agreed.ofOutput.get(candidate.name)!,
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
  { metrics }: ResolvedEvaluate,
  { items, candidates, assertions, labelled }: PreparedWritten,
  sheet: WrittenSheet,
): EvaluationResult {
  const result = measure({
    data: items.data,
    references: items.list.map(({ reference }) => reference),
    ...(labelled ? { labels: labelled.agreed.labels } : {}),
    candidates: candidates.map(({ name }) => ({ name, outputs: sheet.outputs(name) })),
    metrics,
    assertions,
    seed: SEED,
  });
  const sources = Object.fromEntries(candidates.map((each) => [each.name, sourceOf(each)]));
  return { ...result, sources };
}
