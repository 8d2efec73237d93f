import type { DataFacts } from '../../protocol/inspect.ts';
import type { MemoryWorld } from './memory-host.ts';

/** A data set that is right, with everything that it names in {@link WORLD}. */
export const DATASET = `dataset: intents
files: { train: train.csv, validation: validation.csv, test: test.csv }
format: classification
columns: { label: intent }
`;

/** A data set of plain text. */
export const CORPUS = `dataset: corpus
files: { train: corpus.txt }
format: text
`;

/** The least that a run on {@link DATASET} needs. */
export const RUN = `run: full
model: { base: base }
data: { train: intents.train, eval: intents.validation }
`;

/** The least that pretraining on {@link CORPUS} needs. */
export const PRETRAIN = `run: pretrain
model: { base: scratch, task: fill-mask, tokenizer: base, architecture: { model_type: bert } }
data: { train: corpus.train }
`;

/** The least that an evaluation needs. */
export const EVALUATE = `evaluate: worth-it
data: intents.test
candidates: { before: { model: base }, after: { run: full } }
`;

/** Documents as one stream. */
export function stream(...documents: string[]): string {
  return documents.join('---\n');
}

function facts(rows: number): Partial<DataFacts> {
  return { rows, columns: ['text', 'intent'], labels: { copy: rows - 40, paste: 20, undo: 20 } };
}

/** What the examples name: data files in the folder of the config, and a model beside them. */
export const WORLD: MemoryWorld = {
  files: { '/w/base/config.json': '{}', '/w/base/tokenizer.json': '{}' },
  models: { '/w/base': {} },
  data: {
    '/w/train.csv': facts(1600),
    '/w/validation.csv': facts(200),
    '/w/test.csv': facts(200),
    '/w/corpus.txt': { rows: 1000, columns: ['text'] },
  },
  runs: [],
};
