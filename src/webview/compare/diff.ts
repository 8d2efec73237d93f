import { diffWordsWithSpace } from 'diff';

/** A stretch of a text: in both texts, only in the one that is shown, or only in the one it is held against. */
export interface DiffPart {
  text: string;
  kind: 'same' | 'added' | 'removed';
}

/** Edits after which two texts count as having nothing in common: what would be shown is a mosaic that nobody reads. */
const MOST_EDITS = 4000;

/**
 * The differences of two texts, word by word, whitespace and punctuation being words of their own.
 *
 * @param text what is shown
 * @param against what it is held against
 */
export function diffTexts(text: string, against: string): DiffPart[] {
  if (text === against) return text === '' ? [] : [{ text, kind: 'same' }];
  const changes = diffWordsWithSpace(against, text, { maxEditLength: MOST_EDITS });
  const parts: DiffPart[] = (changes ?? wholly(text, against)).map(({ value, added, removed }) => ({
    text: value,
    kind: added ? 'added' : removed ? 'removed' : 'same',
  }));
  return parts.filter((part) => part.text !== '');
}

function wholly(text: string, against: string): { value: string; added: boolean; removed: boolean }[] {
  return [
    { value: against, added: false, removed: true },
    { value: text, added: true, removed: false },
  ];
}
