/** What is known by a key, or else found out now and known from then on. */
export function remembered<Key, Found>(
  known: Map<Key, Found>,
  key: Key,
  find: (key: Key) => NonNullable<Found>,
): NonNullable<Found> {
  const before = known.get(key);
  if (before !== undefined && before !== null) return before;
  const found = find(key);
  known.set(key, found);
  return found;
}
