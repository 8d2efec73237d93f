import type { ResolvedRun } from '../../language/resolved.ts';
import { TunebookError } from '../../protocol/error.ts';
import type { InspectedModel } from '../checkpoint/inspect-model.ts';
import type { ModelConfig } from '../models/config.ts';
import type { BatchLimits } from '../runtime/cpu-engine.ts';
import { widestBatch } from './batch-limits.ts';
import { layOut, type ModelLayout } from './layout.ts';
import {
  batchMemoryOf,
  batchMetersOf,
  stateMemory,
  type BatchMeters,
  type MemoryNeeds,
  type StateMemory,
} from './memory-needs.ts';

/** What a run needs, what it would need with other settings, and where it shall compute. */
export interface Demand<Needs extends MemoryNeeds = MemoryNeeds> extends Counting {
  readonly needs: Needs;
  readonly device: string;
}

/** What a run would need with other settings; undefined where they do not suit it. */
export interface Counting {
  readonly stateOf: (changed: ResolvedRun) => StateMemory | undefined;
  readonly needsOf: (changed: ResolvedRun) => Required<MemoryNeeds> | undefined;
  /** Whether the data are not known yet, so that every row of a batch is taken to be as long as `max_length`. */
  readonly assumesFullRows: boolean;
  /** Whether these rows are taken to be packed as the first texts are. */
  readonly packsAsSample?: boolean;
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
 * Counts what a run needs from its settings, the headers of its weights and its data.
 * @param limitsOf bounds on the batches that the data make
 */
export function demandOf(
  run: ResolvedRun,
  known: KnownModel,
  limitsOf: (changed: ResolvedRun) => BatchLimits,
): Demand<Required<MemoryNeeds>> {
  const { layout, device } = known;
  const batch = batchMemoryOf(run, batchMetersOf(run, layout), limitsOf(run));
  const needs = { state: stateMemory(run, layout), batch };
  return { needs, device, ...counting(known, limitsOf), assumesFullRows: false };
}

/**
 * Counts a run before its data are known: what it certainly needs is its state, what it would need with other settings includes the
 * largest batch that they allow.
 * @param texts tokens of some of the texts, where several stand in a row
 */
export function demandBeforeData(run: ResolvedRun, known: KnownModel, texts?: Int32Array): Demand {
  const { layout, device, configOf } = known;
  const limitsOf = (changed: ResolvedRun) => widestBatch(changed, configOf(changed), texts);
  const needs = { state: stateMemory(run, layout) };
  return {
    needs,
    device,
    ...counting(known, limitsOf),
    assumesFullRows: true,
    packsAsSample: texts !== undefined,
  };
}

/** A model with one method, as it is asked for with many batches. */
interface Counted {
  readonly layout: ModelLayout;
  meters?: BatchMeters;
}

function counting(
  { layout: { task }, configOf, model }: KnownModel,
  limitsOf: (changed: ResolvedRun) => BatchLimits,
): Pick<Counting, 'stateOf' | 'needsOf'> {
  const counted = new Map<string, Counted | undefined>();
  const countedOf = (changed: ResolvedRun): Counted | undefined => {
    const key = JSON.stringify([changed.method, changed.model, changed.train.optim]);
    if (!counted.has(key)) counted.set(key, layOutOrNot(changed));
    return counted.get(key);
  };
  const layOutOrNot = (changed: ResolvedRun): Counted | undefined => {
    try {
      return { layout: layOut(changed, task, configOf(changed), model) };
    } catch (error) {
      if (error instanceof TunebookError) return undefined;
      throw error;
    }
  };
  const stateOf = (changed: ResolvedRun) => {
    const found = countedOf(changed);
    return found && stateMemory(changed, found.layout);
  };
  const needsOf = (changed: ResolvedRun) => {
    const found = countedOf(changed);
    if (!found) return undefined;
    const meters = (found.meters ??= batchMetersOf(changed, found.layout));
    return {
      state: stateMemory(changed, found.layout),
      batch: batchMemoryOf(changed, meters, limitsOf(changed)),
    };
  };
  return { stateOf, needsOf };
}
