/**
 * The value below which a share of sorted values lies, interpolated linearly: `numpy.quantile` with its default method.
 *
 * @param sorted ascending, at least one
 * @param share from 0 to 1
 */
export function quantileOfSorted(sorted: Float64Array, share: number): number {
  const place = Math.min(1, Math.max(0, share)) * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] ?? NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? NaN;
  return low + (high - low) * (place - below);
}

/** An ascending copy. */
export function sorted(values: Iterable<number>): Float64Array {
  return Float64Array.from(values).sort();
}
