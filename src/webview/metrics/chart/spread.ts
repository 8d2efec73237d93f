/** Where the middle of a label belongs. */
export interface Place {
  left: number;
  top: number;
}

/**
 * Moves labels of a size apart that would cover each other: gives each a new `top`, as near to its own as that allows, and
 * within 0 and `height` while they fit. Labels whose `left` are apart do not mind each other.
 */
export function spread(places: readonly Place[], size: number, height: number): number[] {
  const tops = places.map(({ top }) => top);
  const order = places.map((_, index) => index).sort((a, b) => (tops[a] ?? 0) - (tops[b] ?? 0));
  const meets = (a: number, b: number) => Math.abs((places[a]?.left ?? 0) - (places[b]?.left ?? 0)) < size;
  const settle = (index: number, settled: readonly number[], sign: 1 | -1) => {
    const limits = settled
      .filter((other) => meets(index, other))
      .map((other) => sign * (tops[other] ?? 0) + size);
    return sign * Math.max(sign * (tops[index] ?? 0), ...limits);
  };
  order.forEach((index, i) => (tops[index] = Math.max(0, settle(index, order.slice(0, i), 1))));
  order.reverse();
  order.forEach((index, i) => {
    tops[index] = Math.max(0, Math.min(height, settle(index, order.slice(0, i), -1)));
  });
  return tops;
}
