import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TunebookError } from '../../protocol/error.ts';
import type { Tokenizer } from '../data/tokenizer.ts';
import type { Parameter } from '../models/parameter.ts';
import type { Optimizer } from '../../language/schema/optimizers.ts';
import { optimizerState } from '../optimizers/optimizer-state.ts';
import type { ParameterState } from '../runtime/engine.ts';
import { readTensors } from '../safetensors/read.ts';
import { writeSafetensors, type TensorToWrite } from '../safetensors/write.ts';
import { loadParameters } from './load-parameters.ts';
import { publishFolder, removeFolder } from './publish-folder.ts';
import { saveModel, type ModelDescription } from './save-model.ts';
import { saveTokenizer } from './save-tokenizer.ts';
import type { TrainerState } from './trainer-state.ts';

/** What a checkpoint is made of. `parameters` are those that are saved as the model or adapter. */
export interface CheckpointContents {
  readonly description: ModelDescription;
  readonly parameters: readonly Parameter[];
  readonly values: ReadonlyMap<string, Float32Array>;
  readonly state: ReadonlyMap<string, ParameterState>;
  readonly trainerState: TrainerState;
  readonly optimizer: Optimizer;
  /** Set where the run has a chat template of its own: asked without it, the checkpoint would read prompts otherwise than it was trained. */
  readonly chat?: { readonly tokenizer: Tokenizer; readonly template: string } | undefined;
}

/**
 * Writes `checkpoint-<step>` in the run directory, whole or not at all. Returns its name.
 * @throws TunebookError `run/disk-full` and its kind; nothing half-written is left
 */
export async function saveCheckpoint(
  runDir: string,
  step: number,
  contents: CheckpointContents,
): Promise<string> {
  const name = `checkpoint-${step}`;
  await publishFolder(join(runDir, name), `the checkpoint of step ${step}`, async (folder) => {
    saveModel(folder, contents.description, contents.parameters, contents.values);
    writeSafetensors(join(folder, 'optimizer.safetensors'), optimizerTensors(contents));
    const state = JSON.stringify(contents.trainerState, undefined, 2);
    writeFileSync(join(folder, 'trainer_state.json'), `${state}\n`);
    const { chat } = contents;
    if (chat) await saveTokenizer(folder, chat.tokenizer, chat.template);
  });
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

/**
 * Deletes the oldest checkpoints beyond `limit`, but neither the newest, which a resume needs, nor the one that `keep`
 * names (the best so far); with a limit of 1 there may thus be two.
 */
export function rotateCheckpoints(
  runDir: string,
  limit: number | null | undefined,
  keep: string | null,
): void {
  if (!limit || limit < 1) return;
  const names = listCheckpoints(runDir).map((step) => `checkpoint-${step}`);
  const kept = new Set([names.at(-1), ...(keep !== null && names.includes(keep) ? [keep] : [])]);
  const excess = Math.max(0, names.length - Math.max(limit, kept.size));
  const removable = names.filter((name) => !kept.has(name));
  for (const name of removable.slice(0, excess)) removeFolder(join(runDir, name));
}

/** Deletes every checkpoint but one. */
export function keepOnly(runDir: string, name: string): void {
  for (const step of listCheckpoints(runDir)) {
    const other = `checkpoint-${step}`;
    if (other !== name) removeFolder(join(runDir, other));
  }
}

/**
 * Reads what {@link saveCheckpoint} wrote.
 * @param trained the parameters whose state is wanted
 * @param optimizer which optimizer's
 * @throws TunebookError `checkpoint/unreadable` when a file is missing or torn
 */
export function readCheckpoint(
  folder: string,
  trained: readonly Parameter[],
  optimizer: Optimizer,
): { state: Map<string, ParameterState>; trainerState: TrainerState } {
  try {
    // SAFETY: written by saveCheckpoint; a torn file is no JSON and a missing field fails the checks below.
    const trainerState = JSON.parse(readFileSync(join(folder, 'trainer_state.json'), 'utf8')) as TrainerState;
    const { values, initialized } = loadParameters(trained, [folder], 0);
    if (initialized.length > 0) throw new Error(`it has no ${initialized[0]}`);
    const saved = readTensors(join(folder, 'optimizer.safetensors'));
    const state = new Map(
      trained.map((parameter) => {
        const kept = optimizerState(optimizer, parameter).map(({ name: kind }): [string, Float32Array] => {
          const tensor = saved.get(`${kind}.${parameter.name}`);
          if (!tensor) throw new Error(`optimizer.safetensors has no ${kind} of ${parameter.name}`);
          return [kind, tensor.data];
        });
        return [parameter.name, { value: values.get(parameter.name)!, optimizer: new Map(kept) }];
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

function optimizerTensors({ parameters, state, optimizer }: CheckpointContents): Map<string, TensorToWrite> {
  const tensors = new Map<string, TensorToWrite>();
  for (const parameter of parameters) {
    const saved = state.get(parameter.name);
    for (const { name, shape } of saved ? optimizerState(optimizer, parameter) : [])
      tensors.set(`${name}.${parameter.name}`, { shape, data: saved!.optimizer.get(name)! });
  }
  return tensors;
}
