import { join } from 'node:path';
import type { ResolvedRun } from '../../../src/language/resolved.ts';
import { newRun } from '../../../src/runs/testing/fixtures.ts';
import { startFromAdapter } from './adapter-start.ts';
import type { TrainedNumbers } from './deviation.ts';
import { predictOutput } from './predict-output.ts';
import { trainInFolder, trainMetric, type TrainedFolder } from './train-in-folder.ts';

/** What one of TRL's trainers made of a run, one number a step. */
export interface TrlCase {
  loss: number[];
  grad_norm: number[];
  learning_rate: number[];
  /** Of the evaluation after training. */
  eval: Record<string, number>;
  /** After which step it was stopped, and resumed from a checkpoint. */
  stopped_at?: number;
  /** The beginnings of the first rows, and the trained model's logits for them; of some cases. */
  input_ids?: number[][];
  logits_after?: number[][];
}

/** A run directory, and what its case is compared by: every step, and the logits of what lies in `output/`. */
export interface TrainedCase extends TrainedFolder {
  readonly numbers: TrainedNumbers;
}

/**
 * Trains a case in a new run directory of a workspace, stopped and resumed where TRL was.
 * @param adapter folder of what PEFT drew at random, from which a run with LoRA starts
 */
export async function trainTrlCase(
  workspace: string,
  run: ResolvedRun,
  { stopped_at: stopAfter, input_ids }: TrlCase,
  adapter: string | undefined,
): Promise<TrainedCase> {
  const dir = newRun(workspace);
  if (adapter !== undefined) await startFromAdapter(dir, run, adapter);
  const begun = adapter !== undefined;
  if (stopAfter !== undefined) {
    const { outcome } = await trainInFolder(workspace, run, { dir, resume: begun, stopAfter });
    if (outcome.state !== 'stopped') throw new Error(`the run was ${outcome.state}, not stopped`);
  }
  const trained = await trainInFolder(workspace, run, { dir, resume: begun || stopAfter !== undefined });
  const logits = input_ids && { logits_after: await predictOutput(join(dir, 'output'), run, input_ids) };
  const of = (metric: string) => trainMetric(trained.events, metric);
  return { ...trained, numbers: { loss: of('loss'), grad_norm: of('grad_norm'), ...logits } };
}
