import { readFileSync } from 'node:fs';

interface TaskFixture {
  /** TRL's best-fit decreasing: which sequences each row is made of. */
  packing: { room: number; lengths: number[]; rows: number[][] }[];
  /** transformers on words that were split before; −1 where a token is not the first of a word. */
  alignment: { words: string[]; input_ids: number[]; words_of_first_tokens: number[] }[];
  /** seqeval: `[type, first, last]` of each entity, and the scores of the predictions. */
  entities: {
    expected: string[][];
    predicted: string[][];
    entities: [string, number, number][][];
    precision: number;
    recall: number;
    f1: number;
    macro_f1: number;
    accuracy: number;
    types: Record<string, { precision: number; recall: number; f1: number; support: number }>;
  }[];
}

/** What python/make_task_fixtures.py made. */
export function readTaskFixture(): TaskFixture {
  const file = new URL('../../../test/fixtures/tasks.json', import.meta.url);
  // SAFETY: the script writes this shape.
  return JSON.parse(readFileSync(file, 'utf8')) as TaskFixture;
}
