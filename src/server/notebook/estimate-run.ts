import type { LanguageHost } from '../../language/host.ts';
import type { Project } from '../../language/project.ts';
import type { TuneDocument } from '../../language/tree.ts';
import { Fields } from '../../language/validate/fields.ts';
import { countRows, totalSteps } from '../../language/validate/steps.ts';
import { World } from '../../language/validate/world.ts';
import { elapsed } from '../../protocol/describe-run.ts';
import type { CellStatus } from '../../protocol/notebook.ts';
import type { RunPlan } from '../../protocol/plan.ts';
import type { RunSummary } from '../../protocol/run.ts';
import { newestFinished } from '../../runs/list.ts';

/** What an estimate is made of. */
export interface EstimateWorld {
  project: Project;
  host: LanguageHost;
  /** Newest first. */
  runs: readonly RunSummary[];
  plan: RunPlan | undefined;
  signal: AbortSignal;
}

/**
 * How long a run, a sweep or an evaluation may take: what a plan of the run has measured, else what the newest finished one of its name
 * took, for a run by the steps that it is now. Nothing is guessed: without either it is not known.
 */
export async function estimateRun(
  document: TuneDocument,
  { project, host, runs, plan, signal }: EstimateWorld,
): Promise<CellStatus['estimate']> {
  if (plan?.probe) return { seconds: plan.probe.seconds, from: 'plan' };
  const { kind, name = '' } = document;
  if (kind !== 'run' && kind !== 'sweep' && kind !== 'evaluate') return undefined;
  const last = newestFinished(runs, name, kind);
  const seconds = last && elapsed(last);
  if (!last || seconds === undefined) return undefined;
  if (kind !== 'run' || last.step === 0) return { seconds, from: 'last run' };
  const fields = new Fields(project, document);
  const steps = totalSteps(fields, await countRows(project, fields, new World(host, signal)));
  return { seconds: steps === undefined ? seconds : (seconds * steps) / last.step, from: 'last run' };
}
