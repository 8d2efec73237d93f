import type { ResolvedRun } from '../../language/resolved.ts';
import { chooseDeviceOf } from '../runtime/devices.ts';
import type { Plan, Written } from './manifest.ts';

/** What `run.json` says of a training run. Without `written` nothing of it comes from the environment. */
export function runPlan(run: ResolvedRun, written: Written = { config: run }): Plan {
  const { train, eval: evaluated } = run.data;
  const { base, tokenizer } = run.model;
  return {
    kind: 'run',
    name: run.name,
    file: run.file,
    written,
    data: evaluated ? [train, evaluated] : [train],
    model: { base, ...(tokenizer === undefined ? {} : { tokenizer }) },
    seed: run.train.seed,
    chooseDevice: () => chooseDeviceOf(run),
  };
}
