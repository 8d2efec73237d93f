import type { ResolvedRun } from '../../language/resolved.ts';
import { TunebookError } from '../../protocol/error.ts';
import type { InspectedModel } from '../checkpoint/inspect-model.ts';
import type { ModelConfig } from '../models/config.ts';
import { layOut, type ModelLayout } from './layout.ts';
import type { MemoryNeeds } from './memory-needs.ts';
import type { NeedsOf } from './settings-that-fit.ts';

/** What a run needs, what it would need with other settings, and where it shall compute. */
export interface Demand<Needs extends MemoryNeeds = MemoryNeeds> {
  readonly needs: Needs;
  readonly needsOf: NeedsOf;
  readonly device: string;
}

/** What is known of a run's model before its weights are read. */
export interface KnownModel {
  /** The model as the run has it. */
  readonly layout: ModelLayout;
  /** Its config; of a model from scratch the run says it. */
  readonly configOf: (run: ResolvedRun) => ModelConfig;
  /** Where its weights are; absent for a model from scratch. */
  readonly model: InspectedModel | undefined;
  readonly device: string;
}

/**
 * Counts what a run needs from its settings and the headers of its weights.
 * @param needsOfLayout what a model takes of the memory
 */
export function demandOf<Needs extends MemoryNeeds>(
  run: ResolvedRun,
  { layout, configOf, model, device }: KnownModel,
  needsOfLayout: (changed: ResolvedRun, layout: ModelLayout) => Needs,
): Demand<Needs> {
  const { task } = layout;
  const needsOf: NeedsOf = (changed) => {
    try {
      return needsOfLayout(changed, layOut(changed, task, configOf(changed), model));
    } catch (error) {
      if (error instanceof TunebookError) return undefined;
      throw error;
    }
  };
  return { needs: needsOfLayout(run, layout), needsOf, device };
}
