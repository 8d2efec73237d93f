/**
 * The columns that each format reads, by their role: the name that a column has where `columns` does not say otherwise.
 * Roles are the names of the fields of `columns`.
 */
export const FORMAT_COLUMNS = {
  classification: { text: 'text', label: 'label' },
  text: { text: 'text' },
  'prompt-completion': { prompt: 'prompt', completion: 'completion' },
  chat: { messages: 'messages' },
  tokens: { tokens: 'tokens', tags: 'ner_tags' },
} as const satisfies Record<string, Readonly<Record<string, string>>>;

export type Format = keyof typeof FORMAT_COLUMNS;

/** The roles of a format's columns; none where there is no such format. */
export function rolesOf(format: string): readonly string[] {
  const columns: Readonly<Record<string, object>> = FORMAT_COLUMNS;
  return Object.hasOwn(columns, format) ? Object.keys(columns[format] ?? {}) : [];
}

/** The formats whose rows each task trains on, the usual one first. */
export const TASK_FORMATS = {
  'text-classification': ['classification'],
  'text-generation': ['text', 'prompt-completion', 'chat'],
  'token-classification': ['tokens'],
  'fill-mask': ['text'],
} as const satisfies Record<string, readonly Format[]>;

export type TaskName = keyof typeof TASK_FORMATS;

/** The formats of a task; none where there is no such task. */
export function formatsOf(task: string): readonly string[] {
  return listed(TASK_FORMATS, task);
}

/** The metrics that the evaluations of a run measure, by its task, under transformers' names without `eval_`. */
export const TASK_METRICS = {
  'text-classification': ['loss', 'accuracy', 'macro_f1'],
  'text-generation': ['loss', 'perplexity', 'mean_token_accuracy'],
  'token-classification': ['loss', 'f1', 'precision', 'recall', 'accuracy'],
  'fill-mask': ['loss', 'perplexity'],
} as const satisfies Record<TaskName, readonly string[]>;

/** The metrics of a task; none where there is no such task. */
export function metricsOf(task: string): readonly string[] {
  return listed(TASK_METRICS, task);
}

/** What a table lists under a name that a person wrote, which may be any word: `constructor` too. */
function listed(table: Readonly<Record<string, readonly string[]>>, name: string): readonly string[] {
  return Object.hasOwn(table, name) ? (table[name] ?? []) : [];
}
