import type Type from 'typebox';
import { DatasetSchema } from './dataset.ts';
import { EvaluateSchema } from './evaluate.ts';
import { ExportSchema } from './export.ts';
import { ObjectiveSchema } from './objective.ts';
import { PromptSchema } from './prompt.ts';
import { RunSchema } from './run.ts';
import { SweepSchema } from './sweep.ts';

/** The schema of each document kind. The key that names a kind holds the document's name. */
export const KIND_SCHEMAS = {
  dataset: DatasetSchema,
  run: RunSchema,
  evaluate: EvaluateSchema,
  prompt: PromptSchema,
  sweep: SweepSchema,
  objective: ObjectiveSchema,
  export: ExportSchema,
} as const;

export type Kind = keyof typeof KIND_SCHEMAS;

/** The document kinds, in the order that completion offers them. */
export const KINDS: readonly Kind[] = [
  'dataset',
  'run',
  'evaluate',
  'prompt',
  'sweep',
  'objective',
  'export',
];

/** How a person calls a document of a kind. */
export const KIND_WORDS: Readonly<Record<Kind, string>> = {
  dataset: 'data set',
  run: 'run',
  evaluate: 'evaluation',
  prompt: 'prompt',
  sweep: 'sweep',
  objective: 'objective',
  export: 'export',
};

/** Documents as they stand in a file, once they are valid. */
export type DatasetDocument = Type.Static<typeof DatasetSchema>;
export type RunDocument = Type.Static<typeof RunSchema>;
export type EvaluateDocument = Type.Static<typeof EvaluateSchema>;
export type PromptDocument = Type.Static<typeof PromptSchema>;
export type SweepDocument = Type.Static<typeof SweepSchema>;
export type ObjectiveDocument = Type.Static<typeof ObjectiveSchema>;
export type ExportDocument = Type.Static<typeof ExportSchema>;
