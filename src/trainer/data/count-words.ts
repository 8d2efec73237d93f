/**
 * Words of a value, parted by white space: of a text its own; of a list those of all its items; of a message those of its
 * `content`. Anything else has none.
 */
export function countWords(value: unknown): number {
  if (typeof value === 'string') return value.match(/\S+/g)?.length ?? 0;
  if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + countWords(each), 0);
  if (typeof value !== 'object' || value === null) return 0;
  if ('content' in value) return countWords(value.content);
  return 'text' in value ? countWords(value.text) : 0;
}
