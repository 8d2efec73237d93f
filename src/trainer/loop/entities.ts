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

/** Entity-level precision, recall and F1 over all types together (seqeval's micro average); 0 where nothing can be divided. */
export class EntityCounts {
  #right = 0;
  #predicted = 0;
  #expected = 0;

  add(predicted: readonly string[], expected: readonly string[]): void {
    const key = ({ type, first, last }: Entity) => `${first} ${last} ${type}`;
    const wanted = new Set(entitiesOf(expected).map(key));
    const found = entitiesOf(predicted).map(key);
    this.#right += found.filter((entity) => wanted.has(entity)).length;
    this.#predicted += found.length;
    this.#expected += wanted.size;
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

function splitTag(tag: string): [prefix: string, type: string] {
  const type = tag.includes('-') ? tag.slice(tag.indexOf('-') + 1) : '_';
  return [tag[0] ?? 'O', type];
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
