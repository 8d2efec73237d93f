import { resolveRun } from '../../language/resolve.ts';
import type { Project } from '../../language/project.ts';
import type { TuneDocument } from '../../language/tree.ts';
import type { RunPlan } from '../../protocol/plan.ts';

const MAX_PLANS = 100;

/** What `tunebook plan` found out about runs, kept for as long as a run is still what was planned. */
export class Plans {
  readonly #plans = new Map<string, RunPlan>();

  /** Notes a plan of a run as it is now. */
  add(project: Project, document: TuneDocument, plan: RunPlan): void {
    const key = keyOf(project, document);
    if (key === undefined) return;
    this.#plans.delete(key);
    this.#plans.set(key, plan);
    const [oldest] = this.#plans.keys();
    if (this.#plans.size > MAX_PLANS && oldest !== undefined) this.#plans.delete(oldest);
  }

  find(project: Project, document: TuneDocument): RunPlan | undefined {
    const key = this.#plans.size === 0 ? undefined : keyOf(project, document);
    return key === undefined ? undefined : this.#plans.get(key);
  }
}

/** All that the trainer would be told; `undefined` for a run that is not valid. */
function keyOf(project: Project, document: TuneDocument): string | undefined {
  try {
    return JSON.stringify(resolveRun(project, document));
  } catch {
    return undefined;
  }
}
