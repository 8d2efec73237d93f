/** What the extension asks of the language server besides LSP. */

import type { RunPlan } from './plan.ts';

/** Asks for the documents of a config as the trainer takes them: {@link ResolvedParams} → {@link ResolvedResult}. */
export const RESOLVED_REQUEST = 'tunebook/resolved';

export interface ResolvedParams {
  uri: string;
}

export interface ResolvedResult {
  /** YAML, each field with where it comes from; `undefined` for a document that is not open. */
  text?: string;
}

/** Tells what a plan found out about a run, so that it is shown while the run stays as it is. */
export const PLANNED_NOTIFICATION = 'tunebook/planned';

export interface PlannedParams {
  uri: string;
  /** The name of the run. */
  name: string;
  plan: RunPlan;
}
