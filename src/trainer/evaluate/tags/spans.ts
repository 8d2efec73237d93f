import type { TextSpan } from '../../../protocol/evaluation.ts';
import { entitiesOf, isEntityTag, type Entity } from '../../loop/entities.ts';

/** Reads what a sentence's tags stand for. */
export type ReadTags = (tags: readonly string[]) => Entity[];

/** The tag of a word outside of every entity, and of one that a model did not read. */
export const OUTSIDE = 'O';

/**
 * How tags are read: as entities where some label is a tag of entities (`B-place`), else each word's tag by itself, as parts of speech are.
 * @param labels every tag that there is
 */
export function readerOf(labels: readonly string[]): ReadTags {
  return labels.some(isEntityTag) ? entitiesOf : eachWord;
}

function eachWord(tags: readonly string[]): Entity[] {
  return tags.flatMap((type, word) => (type === OUTSIDE ? [] : [{ type, first: word, last: word }]));
}

/** A sentence as a person reads it. */
export function textOfWords(words: readonly string[]): string {
  return words.join(' ');
}

/** Where entities stand in the text of {@link textOfWords}. */
export function placeSpans(words: readonly string[], entities: readonly Entity[]): TextSpan[] {
  const starts: number[] = [];
  let at = 0;
  for (const word of words) {
    starts.push(at);
    at += word.length + 1;
  }
  return entities.map(({ type, first, last }) => ({
    start: starts[first] ?? 0,
    end: (starts[last] ?? 0) + (words[last] ?? '').length,
    type,
  }));
}

/** `Empire State Building (location), ESPN (corporation)`; `(none)` where there is nothing. */
export function describeSpans(text: string, spans: readonly TextSpan[]): string {
  return spans.map(({ start, end, type }) => `${text.slice(start, end)} (${type})`).join(', ') || '(none)';
}
