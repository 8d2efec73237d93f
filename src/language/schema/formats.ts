/**
 * The columns that each format reads, by their role: the name that a column has where `columns` does not say otherwise.
 * Roles are the names of the fields of `columns`.
 */
export const FORMAT_COLUMNS = {
  classification: { text: 'text', label: 'label' },
  'multi-label-classification': { text: 'text', labels: 'labels' },
  regression: { text: 'text', label: 'label' },
  text: { text: 'text' },
  'prompt-completion': { prompt: 'prompt', completion: 'completion' },
  chat: { messages: 'messages' },
  alpaca: {
    instruction: 'instruction',
    input: 'input',
    output: 'output',
    system: 'system',
    history: 'history',
  },
  sharegpt: { conversations: 'conversations', system: 'system', tools: 'tools' },
  tokens: { tokens: 'tokens', tags: 'ner_tags' },
  preference: { prompt: 'prompt', chosen: 'chosen', rejected: 'rejected' },
} as const satisfies Record<string, Readonly<Record<string, string>>>;

export type Format = keyof typeof FORMAT_COLUMNS;

/** The roles of a format's columns; none where there is no such format. */
export function rolesOf(format: string): readonly string[] {
  const columns: Readonly<Record<string, object>> = FORMAT_COLUMNS;
  return Object.hasOwn(columns, format) ? Object.keys(columns[format] ?? {}) : [];
}

/** The roles of all columns that a format may read: also of a second text, where `columns` names it. */
export function readRoles(format: string): readonly string[] {
  const roles = rolesOf(format);
  return roles.includes('label') || roles.includes('labels') ? [...roles, 'text_pair'] : roles;
}

/** The name that the column of a role has where `columns` does not say otherwise. */
export function usualColumn(format: string, role: string): string {
  const columns: Readonly<Record<string, Readonly<Record<string, string>>>> = FORMAT_COLUMNS;
  return (Object.hasOwn(columns, format) ? columns[format]?.[role] : undefined) ?? role;
}

/** Other names that a column may have where `columns` does not name it, and then the shape of a row tells what it holds. */
const OTHER_NAMES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  // OpenAI's files, and those of LLaMA-Factory. Without any of them the prompt is what both answers begin with.
  preference: {
    prompt: ['instruction', 'conversations', 'input'],
    chosen: ['preferred_output', 'chosen_messages'],
    rejected: ['non_preferred_output', 'rejected_messages'],
  },
};

/** The roles that a row of a format may do without. */
const OPTIONAL_ROLES: Readonly<Record<string, readonly string[]>> = {
  alpaca: ['input', 'system', 'history'],
  sharegpt: ['system', 'tools'],
  preference: ['prompt'],
};

/**
 * The column of a role in data that has the given ones; `undefined` where it lacks it.
 * @param named the column that the data set names for the role, or its usual name
 */
export function findColumn(
  format: string,
  role: string,
  named: string,
  present: readonly string[],
): string | undefined {
  if (present.includes(named)) return named;
  const columns: Readonly<Record<string, Readonly<Record<string, string>>>> = FORMAT_COLUMNS;
  const isUsual = Object.hasOwn(columns, format) && columns[format]?.[role] === named;
  return isUsual ? OTHER_NAMES[format]?.[role]?.find((name) => present.includes(name)) : undefined;
}

/** Whether rows may do without a column: its role is optional, and `columns` does not ask for it by another name. */
export function isOptionalColumn(format: string, role: string, named: string): boolean {
  return (OPTIONAL_ROLES[format] ?? []).includes(role) && named === role;
}

/** The formats whose rows each task trains on, the usual one first. */
export const TASK_FORMATS = {
  'text-classification': ['classification', 'multi-label-classification', 'regression'],
  'text-generation': ['text', 'prompt-completion', 'chat', 'alpaca', 'sharegpt', 'preference'],
  'token-classification': ['tokens'],
  'fill-mask': ['text'],
} as const satisfies Record<string, readonly Format[]>;

export type TaskName = keyof typeof TASK_FORMATS;

/** The format of the rows that each `problem_type` of a text classifier is trained on. */
export const PROBLEM_FORMATS = {
  single_label_classification: 'classification',
  multi_label_classification: 'multi-label-classification',
  regression: 'regression',
} as const satisfies Record<string, Format>;

/** What a text classifier's outputs mean; names are transformers' `problem_type`. */
export type ProblemType = keyof typeof PROBLEM_FORMATS;

// SAFETY: the keys of an object literal are those of its type.
export const PROBLEM_TYPES = Object.keys(PROBLEM_FORMATS) as ProblemType[];

/** The `problem_type` that rows of a format are for; `undefined` for rows that no text classifier reads. */
export function problemTypeOf(format: string | undefined): ProblemType | undefined {
  return PROBLEM_TYPES.find((problem) => PROBLEM_FORMATS[problem] === format);
}

/**
 * The formats of a task; none where there is no such task.
 * @param problem the `problem_type` of a text classifier, where the run says it
 */
export function formatsOf(task: string, problem?: string): readonly string[] {
  const formats = listed(TASK_FORMATS, task);
  return task === 'text-classification' && problem !== undefined
    ? formats.filter((format) => problemTypeOf(format) === problem)
    : formats;
}

/** The format of pairs of answers, which only `method: dpo` and `orpo` learn from, and they from nothing else. */
export const PREFERENCE: Format = 'preference';

/** The metrics that the evaluations of a run measure, by its task, under transformers' names without `eval_`. */
export const TASK_METRICS = {
  'text-classification': ['loss', 'accuracy', 'macro_f1'],
  'text-generation': ['loss', 'perplexity', 'mean_token_accuracy'],
  'token-classification': ['loss', 'f1', 'precision', 'recall', 'accuracy'],
  'fill-mask': ['loss', 'perplexity'],
} as const satisfies Record<TaskName, readonly string[]>;

/** What the evaluations of a text classifier measure whose rows do not have one label each. */
const PROBLEM_METRICS: Readonly<Record<string, readonly string[]>> = {
  multi_label_classification: ['loss', 'micro_f1', 'macro_f1', 'samples_f1', 'accuracy', 'hamming_loss'],
  regression: ['loss', 'mse', 'mae', 'r2', 'pearson', 'spearmanr'],
};

/** What the evaluations of a run measure that learns from pairs of answers, under TRL's names without `eval_`. */
const PREFERENCE_METRICS = [
  'loss',
  'rewards/chosen',
  'rewards/rejected',
  'rewards/accuracies',
  'rewards/margins',
  'logps/chosen',
  'logps/rejected',
  'mean_token_accuracy',
];

/** What ORPO's evaluations measure besides. */
const ORPO_METRICS = ['nll_loss', 'log_odds_ratio', 'log_odds_chosen'];

/** The parts of `method:` that learn from pairs of answers, named as TRL's trainers. */
export const PREFERENCE_METHODS = ['dpo', 'orpo'] as const;

export type PreferenceMethod = (typeof PREFERENCE_METHODS)[number];

/** What decides the metrics of a run besides its task. */
export interface MetricsOptions {
  /** How the run learns from pairs of answers, where it does. */
  readonly preference?: PreferenceMethod | undefined;
  /** The `problem_type` of a text classifier. */
  readonly problem?: string | undefined;
}

/** The metrics of a task; none where there is no such task. */
export function metricsOf(task: string, { preference, problem }: MetricsOptions = {}): readonly string[] {
  if (preference === 'orpo') return [...PREFERENCE_METRICS, ...ORPO_METRICS];
  if (preference) return PREFERENCE_METRICS;
  const own = task === 'text-classification' && problem !== undefined ? listed(PROBLEM_METRICS, problem) : [];
  return own.length > 0 ? own : listed(TASK_METRICS, task);
}

/** What a table lists under a name that a person wrote, which may be any word: `constructor` too. */
function listed(table: Readonly<Record<string, readonly string[]>>, name: string): readonly string[] {
  return Object.hasOwn(table, name) ? (table[name] ?? []) : [];
}
