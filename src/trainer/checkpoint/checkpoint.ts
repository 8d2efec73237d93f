import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TunebookError } from '../../protocol/error.ts';
import { explainWriteError } from '../../runs/errors.ts';
import { syncFolder } from '../../runs/atomic.ts';
import type { Parameter } from '../models/parameter.ts';
import type { ParameterState } from '../runtime/engine.ts';
import { readTensors } from '../safetensors/read.ts';
import { writeSafetensors, type TensorToWrite } from '../safetensors/write.ts';
import { loadParameters } from './load-parameters.ts';
import { saveModel, type ModelDescription } from './save-model.ts';
import type { TrainerState } from './trainer-state.ts';

/** What a checkpoint is made of. `parameters` are those that are saved as the model or adapter. */
export interface CheckpointContents {
  readonly description: ModelDescription;
  readonly parameters: readonly Parameter[];
  readonly values: ReadonlyMap<string, Float32Array>;
  readonly state: ReadonlyMap<string, ParameterState>;
  readonly trainerState: TrainerState;
}

const MOMENTS = { expAvg: 'exp_avg', expAvgSq: 'exp_avg_sq' } as const;

/**
 * Writes `checkpoint-<step>` in the run directory, whole or not at all: a folder beside it is filled, flushed and
 * renamed. Returns its name.
 * @throws TunebookError `run/disk-full` and its kind; nothing half-written is left
 */
export function saveCheckpoint(runDir: string, step: number, contents: CheckpointContents): string {
  const name = `checkpoint-${step}`;
  const target = join(runDir, name);
  const unfinished = join(runDir, `.${name}.tmp`);
  try {
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished);
    saveModel(unfinished, contents.description, contents.parameters, contents.values);
    writeSafetensors(join(unfinished, 'optimizer.safetensors'), optimizerTensors(contents));
    writeFileSync(
      join(unfinished, 'trainer_state.json'),
      `${JSON.stringify(contents.trainerState, undefined, 2)}\n`,
    );
    syncFolder(unfinished);
    rmSync(target, { recursive: true, force: true });
    renameSync(unfinished, target);
    syncFolder(runDir);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw explainWriteError(error, `the checkpoint of step ${step}`, target);
  }
  return name;
}

/** The steps of the whole checkpoints in a run directory, ascending. */
export function listCheckpoints(runDir: string): number[] {
  if (!existsSync(runDir)) return [];
  return readdirSync(runDir)
    .flatMap((name) => /^checkpoint-(\d+)$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/** Deletes the oldest checkpoints beyond `limit`, but never the one that `keep` names (the best so far). */
export function rotateCheckpoints(
  runDir: string,
  limit: number | null | undefined,
  keep: string | null,
): void {
  if (!limit || limit < 1) return;
  const names = listCheckpoints(runDir).map((step) => `checkpoint-${step}`);
  const removable = names.filter((name) => name !== keep);
  for (const name of removable.slice(0, Math.max(0, names.length - limit))) {
    rmSync(join(runDir, name), { recursive: true, force: true });
  }
}

/**
 * Reads what {@link saveCheckpoint} wrote.
 * @param trained the parameters whose state is wanted
 * @throws TunebookError `checkpoint/unreadable` when a file is missing or torn
 */
export function readCheckpoint(
  folder: string,
  trained: readonly Parameter[],
): { state: Map<string, ParameterState>; trainerState: TrainerState } {
  try {
    // SAFETY: written by saveCheckpoint; a torn file is no JSON and a missing field fails the checks below.
    const trainerState = JSON.parse(readFileSync(join(folder, 'trainer_state.json'), 'utf8')) as TrainerState;
    const { values, initialized } = loadParameters(trained, [folder], 0);
    if (initialized.length > 0) throw new Error(`it has no ${initialized[0]}`);
    const moments = readTensors(join(folder, 'optimizer.safetensors'));
    const state = new Map(
      trained.map(({ name }) => {
        const moment = (kind: string) => {
          const tensor = moments.get(`${kind}.${name}`);
          if (!tensor) throw new Error(`optimizer.safetensors has no ${kind} of ${name}`);
          return tensor.data;
        };
        const value = values.get(name)!;
        return [name, { value, expAvg: moment(MOMENTS.expAvg), expAvgSq: moment(MOMENTS.expAvgSq) }];
      }),
    );
    return { state, trainerState };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TunebookError('checkpoint/unreadable', `The checkpoint ${folder} cannot be read: ${reason}`, {
      cause,
      hint: 'Resume from an earlier checkpoint, or start the run again.',
      location: { file: folder },
    });
  }
}

function optimizerTensors({ parameters, state }: CheckpointContents): Map<string, TensorToWrite> {
  const tensors = new Map<string, TensorToWrite>();
  for (const { name, shape } of parameters) {
    const saved = state.get(name);
    if (!saved) continue;
    tensors.set(`${MOMENTS.expAvg}.${name}`, { shape, data: saved.expAvg });
    tensors.set(`${MOMENTS.expAvgSq}.${name}`, { shape, data: saved.expAvgSq });
  }
  return tensors;
}
