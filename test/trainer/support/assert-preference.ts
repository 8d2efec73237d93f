import assert from 'node:assert/strict';
import { fromWire } from '../../../src/protocol/numbers.ts';
import { absoluteDeviation, assertParity } from './deviation.ts';
import { metrics, trainMetric } from './train-in-folder.ts';
import type { TrainedCase, TrlCase } from './trl-case.ts';

/** What TRL says of pairs of answers, by any of its trainers. */
export const PAIR_METRICS = [
  ...['chosen', 'rejected', 'accuracies', 'margins'].map((name) => `rewards/${name}`),
  'logps/chosen',
  'logps/rejected',
];

/** Holds a preference run against TRL's: every loss, gradient norm and metric of a step, the evaluation at the end, and logits. */
export function assertPreference(
  { events, outcome, numbers }: TrainedCase,
  reference: TrlCase,
  names: readonly string[],
): void {
  assert.equal(outcome.state, 'finished');
  const of = (metric: string) => trainMetric(events, metric);
  assert.equal(numbers.loss.length, 50);
  assertParity(numbers, reference);
  for (const metric of names)
    assert.ok(absoluteDeviation([of(metric)], [numbersOf(reference, metric)]) < 2e-4, metric);
  const evaluation = metrics(events, 'eval').at(-1)!.values;
  for (const [metric, value] of Object.entries(reference.eval))
    assert.ok(Math.abs(fromWire(evaluation[metric]!) - value) < 2e-4, metric);
  // A training that changed nothing would agree too.
  assert.ok(Math.abs(reference.loss.at(-1)! - reference.loss[0]!) > 0.01);
}

/** A metric of a case, one number a step. */
export function numbersOf(made: object, metric: string): number[] {
  const value: unknown = Reflect.get(made, metric);
  assert.ok(Array.isArray(value), metric);
  return value.map(Number);
}
