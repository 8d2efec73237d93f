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
