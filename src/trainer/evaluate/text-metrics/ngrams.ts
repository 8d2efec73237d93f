/** How often each thing is in a list: Python's `Counter(items)`. */
export function countItems(items: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}

/**
 * The runs of `n` neighbours in a list, each joined to one string.
 *
 * @param items none holds `separator`, or runs that differ would look alike
 */
export function ngrams(items: readonly string[], n: number, separator = ' '): string[] {
  const found: string[] = [];
  for (let start = 0; start + n <= items.length; start++)
    found.push(n === 1 ? (items[start] ?? '') : items.slice(start, start + n).join(separator));
  return found;
}

/** How many things two lists have in common, each counted as often as it is in both: `sum((a & b).values())`. */
export function countCommon(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let common = 0;
  for (const [item, count] of a) common += Math.min(count, b.get(item) ?? 0);
  return common;
}

/** All counts together. */
export function countAll(counts: ReadonlyMap<string, number>): number {
  let all = 0;
  for (const count of counts.values()) all += count;
  return all;
}
