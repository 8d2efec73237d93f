import { Random, shuffle } from '../../random.ts';
import type { Item } from './items.ts';

/** Okapi BM25's usual constants (Robertson & Zaragoza 2009). */
const [K1, B] = [1.2, 0.75];

/**
 * The examples that stand before every row: drawn once.
 * @returns `count` of the items, or all where there are fewer
 */
export function drawExamples<T>(items: readonly T[], count: number, seed: number): T[] {
  const order = shuffle([...items.keys()], new Random(seed));
  return order.slice(0, count).map((index) => items[index]!);
}

/** Finds the items that share most words with a text: BM25 over the items' inputs. */
export class SimilarItems {
  readonly #items: readonly Item[];
  /** By word: which items have it, and how often. */
  readonly #postings = new Map<string, [item: number, count: number][]>();
  readonly #lengths: Int32Array;
  readonly #meanLength: number;

  constructor(items: readonly Item[]) {
    this.#items = items;
    this.#lengths = new Int32Array(items.length);
    for (const [index, { input }] of items.entries()) {
      const counts = new Map<string, number>();
      for (const word of wordsOf(input)) counts.set(word, (counts.get(word) ?? 0) + 1);
      for (const [word, count] of counts) {
        this.#lengths[index]! += count;
        const list = this.#postings.get(word) ?? [];
        if (list.length === 0) this.#postings.set(word, list);
        list.push([index, count]);
      }
    }
    this.#meanLength = Math.max(1, this.#lengths.reduce((a, b) => a + b, 0) / Math.max(1, items.length));
  }

  /**
   * @param text what to compare with; an item with just this input is left out: it would give the answer away
   * @returns at most `count`, the most similar one last; of equals the earlier item counts as more similar
   */
  nearest(text: string, count: number): Item[] {
    const scores = new Float64Array(this.#items.length);
    const n = this.#items.length;
    for (const word of new Set(wordsOf(text))) {
      const list = this.#postings.get(word) ?? [];
      const rarity = Math.log(1 + (n - list.length + 0.5) / (list.length + 0.5));
      for (const [item, times] of list) {
        const length = 1 - B + (B * this.#lengths[item]!) / this.#meanLength;
        scores[item]! += (rarity * times * (K1 + 1)) / (times + K1 * length);
      }
    }
    return [...scores.keys()]
      .filter((item) => this.#items[item]!.input !== text)
      .sort((a, b) => scores[b]! - scores[a]! || a - b)
      .slice(0, count)
      .reverse()
      .map((item) => this.#items[item]!);
  }
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
