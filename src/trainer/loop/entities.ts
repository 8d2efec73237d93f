/** A run of tags of one type: tokens `first` to `last` of a sentence. */
export interface Entity {
  readonly type: string;
  readonly first: number;
  readonly last: number;
}

/**
 * The entities of a sentence's tags, as seqeval 1.2.2 reads them in its default mode (that of conlleval): prefixes B, I, E, S
 * and O; an I that follows nothing of its type begins an entity.
 */
export function entitiesOf(tags: readonly string[]): Entity[] {
  const entities: Entity[] = [];
  let [prefix, type] = ['O', ''];
  let first = 0;
  for (let i = 0; i <= tags.length; i++) {
    const [nextPrefix, nextType] = splitTag(tags[i] ?? 'O');
    if (ends(prefix, nextPrefix, type, nextType)) entities.push({ type, first, last: i - 1 });
    if (begins(prefix, nextPrefix, type, nextType)) first = i;
    [prefix, type] = [nextPrefix, nextType];
  }
  return entities;
}

/** What a tagger found in a sentence, and what it should have found. */
export interface EntityComparison {
  readonly predicted: readonly Entity[];
  readonly expected: readonly Entity[];
  /** Those of `predicted` that are expected: with the same type, from the same first to the same last token. */
  readonly right: readonly Entity[];
}

/** Compares the entities of two taggings of a sentence; they count as the same where type and both ends are. */
export function compareEntities(predicted: readonly Entity[], expected: readonly Entity[]): EntityComparison {
  const key = ({ type, first, last }: Entity) => `${first} ${last} ${type}`;
  const wanted = new Set(expected.map(key));
  return { predicted, expected, right: predicted.filter((entity) => wanted.has(key(entity))) };
}

/** Entity-level precision, recall and F1 over all types together (seqeval's micro average); 0 where nothing can be divided. */
export class EntityCounts {
  #right = 0;
  #predicted = 0;
  #expected = 0;

  add(predicted: readonly string[], expected: readonly string[]): void {
    const compared = compareEntities(entitiesOf(predicted), entitiesOf(expected));
    this.#right += compared.right.length;
    this.#predicted += compared.predicted.length;
    this.#expected += compared.expected.length;
  }

  metrics(): { precision: number; recall: number; f1: number } {
    const precision = this.#predicted === 0 ? 0 : this.#right / this.#predicted;
    const recall = this.#expected === 0 ? 0 : this.#right / this.#expected;
    return {
      precision,
      recall,
      f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall),
    };
  }
}

/** Whether seqeval takes a tag for one of an entity: B, I, E or S, mostly with a type behind a dash. */
export function isEntityTag(tag: string): boolean {
  return /^[BIES](-|$)/.test(tag);
}

/** The first letter, and what stands behind the first dash after it; where there is none, all that is left. */
function splitTag(tag: string): [prefix: string, type: string] {
  const [prefix = 'O', ...letters] = tag;
  const rest = letters.join('');
  return [prefix, rest.slice(rest.indexOf('-') + 1) || '_'];
}

function ends(prefix: string, next: string, type: string, nextType: string): boolean {
  if (prefix === 'E' || prefix === 'S') return true;
  if ((prefix === 'B' || prefix === 'I') && ['B', 'S', 'O'].includes(next)) return true;
  return prefix !== 'O' && prefix !== '.' && type !== nextType;
}

function begins(prefix: string, next: string, type: string, nextType: string): boolean {
  if (next === 'B' || next === 'S') return true;
  if (['E', 'S', 'O'].includes(prefix) && (next === 'E' || next === 'I')) return true;
  return next !== 'O' && next !== '.' && type !== nextType;
}
