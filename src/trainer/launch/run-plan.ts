import type { ResolvedRun } from '../../language/resolved.ts';
import { chooseDeviceOf } from '../runtime/devices.ts';
import type { Plan } from './manifest.ts';

/** What `run.json` says of a training run. */
export function runPlan(run: ResolvedRun): Plan {
  const { train, eval: evaluated } = run.data;
  const { base, tokenizer } = run.model;
  return {
    kind: 'run',
    name: run.name,
    file: run.file,
    config: run,
    data: evaluated ? [train, evaluated] : [train],
    model: { base, ...(tokenizer === undefined ? {} : { tokenizer }) },
    seed: run.train.seed,
    chooseDevice: () => chooseDeviceOf(run),
  };
}
