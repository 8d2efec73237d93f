import { join } from 'node:path';
import type { ResolvedEvaluate } from '../../language/resolved.ts';
import type { EvaluationRecord, EvaluationResult } from '../../protocol/evaluation.ts';
import { RUN_FILES, type DeviceInfo } from '../../protocol/run.ts';
import type { StopRequest } from '../../runs/stop.ts';
import type { RunWriter } from '../../runs/writer.ts';
import { ProgressMeter } from '../loop/progress.ts';
import { chooseDevice } from '../runtime/devices.ts';
import { judge } from './judge.ts';
import { RecordLog } from './record-log.ts';

/** Where resampling starts: the same answers always give the same intervals. */
export const SEED = 42;

export interface EvaluateRequest<Evaluation> {
  readonly evaluation: Evaluation;
  readonly writer: RunWriter;
  readonly stop: StopRequest;
  /** The best of this machine when absent. Classifiers compute on it; text is generated on the CPU. */
  readonly device?: DeviceInfo;
}

export interface EvaluateOutcome {
  readonly state: 'finished' | 'stopped';
  /** There when it finished. */
  readonly result?: EvaluationResult;
}

/** What kinds of evaluations differ in. */
export interface EvaluationSteps<Prepared, Sheet> {
  readonly prepare: (signal: AbortSignal) => Promise<Prepared>;
  /** Has every candidate answer what it has not answered yet. Gives undefined when it was stopped. */
  readonly answer: (prepared: Prepared, signal: AbortSignal) => Promise<Sheet | undefined>;
  readonly conclude: (prepared: Prepared, sheet: Sheet) => EvaluationResult;
}

/**
 * Prepares, answers and concludes, and writes `result.json` and the `evaluation` event. States `preparing` and `evaluating` are written
 * here, the first and the last ones by the caller.
 * @throws TunebookError what a person can mend; the answers so far are kept
 */
export async function conductEvaluation<Prepared, Sheet>(
  { evaluation, writer, stop }: EvaluateRequest<Pick<ResolvedEvaluate, 'name' | 'objectives'>>,
  steps: EvaluationSteps<Prepared, Sheet>,
): Promise<EvaluateOutcome> {
  const abort = new AbortController();
  const unsubscribe = stop.onRequest(() => abort.abort());
  writer.event({ type: 'state', state: 'preparing' });
  try {
    const prepared = await steps.prepare(abort.signal);
    const sheet = await steps.answer(prepared, abort.signal);
    if (!sheet) return { state: 'stopped' };
    const result = writer.mask(judge(steps.conclude(prepared, sheet), evaluation.objectives ?? []));
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

/** What the answers of one candidate are made with. */
export interface Answering<Sheet> {
  readonly sheet: Sheet;
  readonly device: DeviceInfo;
  /** Writes answers that are on the sheet by now to `records.jsonl`. */
  readonly keep: (records: readonly EvaluationRecord[]) => void;
}

/**
 * Has one candidate after the other answer what it has not answered yet: with one model in memory at a time, behind the answers that an
 * earlier life of the evaluation left in `records.jsonl`.
 * @param answer gives false when it was stopped
 * @returns the sheet with all answers; undefined when it was stopped
 */
export async function answerByAll<Candidate, Sheet extends { readonly answered: number }>(
  { writer, device: asked }: Pick<EvaluateRequest<unknown>, 'writer' | 'device'>,
  {
    file = RUN_FILES.records,
    candidates,
    rows,
    openSheet,
    answer,
  }: {
    /** Where the answers are kept, in the run directory. */
    readonly file?: string;
    readonly candidates: readonly Candidate[];
    /** How many rows each has to answer. */
    readonly rows: number;
    readonly openSheet: (found: readonly EvaluationRecord[]) => Sheet;
    readonly answer: (candidate: Candidate, answering: Answering<Sheet>) => Promise<boolean>;
  },
): Promise<Sheet | undefined> {
  const log = new RecordLog(join(writer.dir, file));
  try {
    const sheet = openSheet(log.found);
    const device = asked ?? (await chooseDevice('auto'));
    const meter = new ProgressMeter(writer, 'evaluate', candidates.length * rows, sheet.answered);
    writer.event({ type: 'state', state: 'evaluating' });
    meter.update(sheet.answered);
    const keep = (records: readonly EvaluationRecord[]) => {
      log.append(records.map((record) => masked(record, writer)));
      meter.update(sheet.answered);
    };
    for (const candidate of candidates) {
      const isDone = await answer(candidate, { sheet, device, keep });
      log.flush();
      if (!isDone) return undefined;
    }
    return sheet;
  } finally {
    log.close();
  }
}

/** Where a row stands and what was asked may hold values of the environment; what was answered stays as it is. */
function masked(record: EvaluationRecord, { mask }: Pick<RunWriter, 'mask'>): EvaluationRecord {
  const outputs: EvaluationRecord['outputs'] = {};
  for (const [name, output] of Object.entries(record.outputs))
    outputs[name] = output.prompt === undefined ? output : { ...output, prompt: mask(output.prompt) };
  return { ...record, source: mask(record.source), outputs };
}
