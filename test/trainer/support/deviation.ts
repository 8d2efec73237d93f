import assert from 'node:assert/strict';

/** The largest |a − b| / |b| over two lists of equal length. */
export function relativeDeviation(ours: readonly number[], theirs: readonly number[]): number {
  return largest(ours, theirs, (a, b) => Math.abs(a - b) / Math.max(Math.abs(b), 1e-12));
}

/** The largest |a − b| over two lists of rows. */
export function absoluteDeviation(
  ours: readonly (readonly number[])[],
  theirs: readonly (readonly number[])[],
): number {
  return largest(ours.flat(), theirs.flat(), (a, b) => Math.abs(a - b));
}

/** What a training is compared by: one number a step, and logits at its end where there are some. */
export interface TrainedNumbers {
  readonly loss: readonly number[];
  readonly grad_norm: readonly number[];
  readonly logits_after?: readonly (readonly number[])[];
}

/** How far a training of ours lies from Hugging Face's: losses and gradient norms relative, logits absolute. */
export function deviationsOf(
  ours: TrainedNumbers,
  theirs: TrainedNumbers,
): { loss: number; grad_norm: number; logits?: number } {
  return {
    loss: relativeDeviation(ours.loss, theirs.loss),
    grad_norm: relativeDeviation(ours.grad_norm, theirs.grad_norm),
    ...(ours.logits_after && theirs.logits_after
      ? { logits: absoluteDeviation(ours.logits_after, theirs.logits_after) }
      : {}),
  };
}

/** Holds a training of ours to the bounds of the design. */
export function assertParity(ours: TrainedNumbers, theirs: TrainedNumbers): void {
  const deviations = deviationsOf(ours, theirs);
  assert.ok(deviations.loss < 1e-5, JSON.stringify(deviations));
  assert.ok(deviations.grad_norm < 1e-5, JSON.stringify(deviations));
  if (theirs.logits_after) assert.ok((deviations.logits ?? NaN) < 1e-4, JSON.stringify(deviations));
}

function largest(
  ours: readonly number[],
  theirs: readonly number[],
  distance: (a: number, b: number) => number,
): number {
  assert.equal(ours.length, theirs.length, 'the lists differ in length');
  assert.ok(ours.length > 0, 'there is nothing to compare');
  // NaN is larger than anything: it must not slip through a comparison.
  return ours.reduce((worst, a, i) => {
    const d = distance(a, theirs[i]!);
    return Number.isNaN(d) || d > worst ? d : worst;
  }, 0);
}
