import type Type from 'typebox';
import { DatasetSchema } from './dataset.ts';
import { EvaluateSchema } from './evaluate.ts';
import { RunSchema } from './run.ts';

/** The schema of each document kind. The key that names a kind holds the document's name. */
export const KIND_SCHEMAS = {
  dataset: DatasetSchema,
  run: RunSchema,
  evaluate: EvaluateSchema,
} as const;

export type Kind = keyof typeof KIND_SCHEMAS;

/** The document kinds, in the order that completion offers them. */
export const KINDS: readonly Kind[] = ['dataset', 'run', 'evaluate'];

/** Kinds that the language reserves at the top level and this version cannot run. */
export const RESERVED_KINDS: readonly string[] = ['objective', 'prompt', 'sweep', 'export'];

/** Documents as they stand in a file, once they are valid. */
export type DatasetDocument = Type.Static<typeof DatasetSchema>;
export type RunDocument = Type.Static<typeof RunSchema>;
export type EvaluateDocument = Type.Static<typeof EvaluateSchema>;
