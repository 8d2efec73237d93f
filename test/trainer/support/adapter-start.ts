import { saveCheckpoint } from '../../../src/trainer/checkpoint/checkpoint.ts';
import { loadParameters } from '../../../src/trainer/checkpoint/load-parameters.ts';
import { prepareRun } from '../../../src/trainer/loop/prepare.ts';
import { optimizerState } from '../../../src/trainer/optimizers/optimizer-state.ts';
import { elementCount } from '../../../src/trainer/models/parameter.ts';
import { optimizerOf } from '../../../src/language/schema/optimizers.ts';
import type { ResolvedRun } from '../../../src/language/resolved.ts';

/**
 * Makes a run directory start from a given adapter: writes it as the checkpoint of step 0, with moments of zero, from
 * which the run is then resumed. Trained parameters that the adapter does not bring keep the base's values.
 */
export async function startFromAdapter(dir: string, run: ResolvedRun, adapter: string): Promise<void> {
  const prepared = await prepareRun(run, {
    device: 'cpu',
    signal: new AbortController().signal,
    onProgress: () => undefined,
    onWarning: () => undefined,
  });
  const values = new Map(prepared.values);
  const { values: saved, initialized } = loadParameters(prepared.trained, [adapter], 0);
  for (const [name, value] of saved) if (!initialized.includes(name)) values.set(name, value);
  const optimizer = optimizerOf(run.train.optim);
  const zeros = (shape: readonly number[]) => new Float32Array(elementCount(shape));
  await saveCheckpoint(dir, 0, {
    description: prepared.description,
    parameters: prepared.trained,
    values,
    state: new Map(
      prepared.trained.map((parameter) => [
        parameter.name,
        {
          value: values.get(parameter.name)!,
          optimizer: new Map(
            optimizerState(optimizer, parameter).map(({ name, shape }) => [name, zeros(shape)]),
          ),
        },
      ]),
    ),
    optimizer,
    trainerState: {
      best_global_step: null,
      best_metric: null,
      best_model_checkpoint: null,
      epoch: 0,
      global_step: 0,
      max_steps: 0,
      num_train_epochs: 0,
      train_batch_size: 0,
      logging_steps: 0,
      eval_steps: 0,
      save_steps: 0,
      log_history: [],
      is_local_process_zero: true,
      is_world_process_zero: true,
      tunebook: { lossSum: 0, lossSteps: 0, threads: run.target.local.threads ?? null, seed: run.train.seed },
    },
  });
}
