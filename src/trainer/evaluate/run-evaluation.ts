import { join } from 'node:path';
import type { ClassifierEvaluation } from './classifier-evaluation.ts';
import type { EvaluationResult } from '../../protocol/evaluation.ts';
import { formatPercent } from '../../protocol/format.ts';
import { RUN_FILES, type DeviceInfo } from '../../protocol/run.ts';
import type { StopRequest } from '../../runs/stop.ts';
import type { RunWriter } from '../../runs/writer.ts';
import { ProgressMeter } from '../loop/progress.ts';
import { chooseDevice } from '../runtime/devices.ts';
import { answerExamples } from './answer-examples.ts';
import { AnswerSheet } from './answers.ts';
import type { Candidate } from './candidate.ts';
import { tokenizeExamples } from './examples.ts';
import { judge } from './judge.ts';
import { prepareEvaluation, type PreparedEvaluation } from './prepare-evaluation.ts';
import { RecordLog } from './record-log.ts';
import { summarise } from './summarise.ts';

export interface EvaluateRequest {
  readonly evaluation: ClassifierEvaluation;
  readonly writer: RunWriter;
  readonly stop: StopRequest;
  /** The best of this machine when absent. */
  readonly device?: DeviceInfo;
}

export interface EvaluateOutcome {
  readonly state: 'finished' | 'stopped';
  /** There when it finished. */
  readonly result?: EvaluationResult;
}

/** Where resampling starts: the same answers always give the same intervals. */
const SEED = 42;

/**
 * Measures every candidate of an evaluation on the same examples: prepares, answers candidate by candidate with one model in memory at a
 * time, and writes `candidates.json`, `records.jsonl`, `result.json` and the `evaluation` event. In the directory of an evaluation that was
 * interrupted it goes on behind the last answer. States `preparing` and `evaluating` are written here, the first and the last ones by the caller.
 * @throws TunebookError what a person can mend; the answers so far are kept
 */
export async function evaluate(request: EvaluateRequest): Promise<EvaluateOutcome> {
  const { evaluation, writer, stop } = request;
  const abort = new AbortController();
  const unsubscribe = stop.onRequest(() => abort.abort());
  writer.event({ type: 'state', state: 'preparing' });
  try {
    const prepared = await prepareEvaluation(evaluation, writer, abort.signal);
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
  { writer, stop, ...request }: EvaluateRequest,
  prepared: PreparedEvaluation,
  signal: AbortSignal,
): Promise<AnswerSheet | undefined> {
  const { examples, agreed, candidates } = prepared;
  const log = new RecordLog(join(writer.dir, RUN_FILES.records));
  try {
    const sheet = new AnswerSheet(prepared, log.found, writer.dir);
    const device = request.device ?? (await chooseDevice('auto'));
    const total = candidates.length * examples.texts.length;
    const meter = new ProgressMeter(writer, 'evaluate', total, sheet.answered);
    writer.event({ type: 'state', state: 'evaluating' });
    meter.update(sheet.answered);
    for (const candidate of candidates) {
      const { name, tokenizer, maxLength } = candidate;
      const so = sheet.of(name);
      if (so.answered === examples.texts.length) continue;
      const { sequences, truncated } = await tokenizeExamples(examples, tokenizer, maxLength, signal);
      if (truncated > 0 && so.answered === 0)
        warnTruncated(candidate, truncated, examples.texts.length, writer);
      const isDone = await answerExamples({
        candidate,
        examples,
        sequences,
        labelOf: agreed.ofOutput.get(name)!,
        device,
        stop,
        isOpen: (row) => so.predictions[row] === -1,
        onAnswers: (answers) => {
          log.append(sheet.add(name, answers));
          meter.update(sheet.answered);
        },
      });
      log.flush();
      if (!isDone) return undefined;
    }
    return sheet;
  } finally {
    log.close();
  }
}

function conclude(
  { metrics }: ClassifierEvaluation,
  { examples, agreed, candidates }: PreparedEvaluation,
  sheet: AnswerSheet,
): EvaluationResult {
  const { labels, references } = agreed;
  const summary = summarise({
    data: examples.data,
    labels,
    references,
    candidates: sheet.all,
    metrics,
    seed: SEED,
  });
  const sources = Object.fromEntries(candidates.map(({ name, source }) => [name, source]));
  return { ...summary, sources };
}

function warnTruncated(
  { name, maxLength }: Candidate,
  truncated: number,
  examples: number,
  writer: RunWriter,
): void {
  writer.event({
    type: 'warning',
    code: 'data/truncated',
    message: `"${name}" reads ${maxLength} tokens: the end of ${truncated} of ${examples} examples (${formatPercent(truncated / examples)}) was cut off for it.`,
  });
}
