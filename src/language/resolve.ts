/** Documents with everything filled in: what the trainer gets. */
export type {
  DataReference,
  LoraConfig,
  ResolvedDataset,
  ResolvedEvaluate,
  ResolvedRun,
  TrainingArguments,
} from './resolved.ts';
