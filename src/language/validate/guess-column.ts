import { nearest } from '../nearest.ts';

/** Names that columns of a role have in data sets that people share. */
const USUAL: Readonly<Record<string, readonly string[]>> = {
  text: [
    'text',
    'sentence',
    'utterance',
    'question',
    'query',
    'content',
    'review',
    'message',
    'prompt',
    'input',
  ],
  labels: ['labels', 'label', 'categories', 'tags', 'topics', 'classes', 'emotions'],
  label: ['label', 'labels', 'category', 'class', 'intent', 'target', 'sentiment', 'topic', 'tag', 'output'],
};

/**
 * The column that is meant for a role when the one that is named is not there: one of a similar name, else one of a
 * usual name, else the only one that no other role has.
 */
export function guessColumn(
  role: string,
  columns: Readonly<Record<string, string>>,
  present: readonly string[],
): string | undefined {
  const others = Object.entries(columns).flatMap(([each, name]) => (each === role ? [] : [name]));
  const free = present.filter((name) => !others.includes(name));
  const usual = USUAL[role] ?? [];
  return (
    nearest(columns[role] ?? role, free) ??
    free.find((name) => usual.includes(name.toLowerCase())) ??
    (free.length === 1 ? free[0] : undefined)
  );
}
