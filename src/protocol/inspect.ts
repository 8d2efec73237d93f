/**
 * What the language server asks of `tunebook inspect --stdio` (JSON-RPC over LSP framing): facts that need a data
 * file, a tokenizer or a model. Every request can be cancelled, and an answer may be "not known", never a guess.
 */

/** Facts about the file or files of one split. */
export interface DataFacts {
  rows: number;
  columns: string[];
  /** The first rows, for hovers. */
  examples: Record<string, string>[];
  /** How often each value of the label column stands there; absent when no label column was asked for. */
  labels?: Record<string, number>;
  /** What is wrong with the file, at the place where it is wrong. */
  problems: DataProblem[];
  /** Set when the files are so large that only their beginning was read: the other facts are about that part. */
  partial?: { readBytes: number; totalBytes: number };
}

export interface DataProblem {
  code: string;
  file: string;
  line?: number;
  column?: number;
  message: string;
  hint?: string;
}

/** Facts about a model folder. */
export interface ModelFacts {
  model_type: string;
  parameters: number;
  hidden_size: number;
  max_position_embeddings: number;
  /** Rows of the embedding; absent where the trainer does not know the architecture. */
  vocab_size?: number;
  /** Names that `target_modules` may hold. */
  modules: string[];
  /** Of an adapter the folder of its base; absent otherwise. */
  base_folder?: string;
  /** Of an adapter that has no tokenizer of its own, the folder of its base, which has; absent otherwise. */
  tokenizer_folder?: string;
  /** Whether the tokenizer beside the model has a chat template; absent where that cannot be told. */
  chat_template?: boolean;
  /** Names that `id2label` of a classifier gives its outputs, in their order; absent where it names none of its own. */
  labels?: string[];
  /** Bytes of memory of the machine that looked. */
  memory?: number;
  problems: DataProblem[];
}

/** Rows of one split that stand in another one too, by what they say. */
export interface SharedRows {
  /** Rows of the evaluated split, and how many of them are trained on. */
  rows: number;
  shared: number;
  /** The first of them, in the evaluated split. */
  first?: { file: string; line: number };
}

/** What becomes of the training rows of a run as tokens. */
export interface TokenFacts {
  rows: number;
  /** Rows whose end is cut off to keep to `max_length`. */
  cut: number;
  /** Rows of which nothing is learnt, because all that counts is cut off. */
  masked: number;
  /** Rows of which nothing is learnt whatever their length, because no token of them counts for the loss. */
  fullyMasked?: number;
  /** Tokens of the longest row as it is, uncut; the length that cuts none. */
  longest: number;
  /** Why the rows cannot be trained on. */
  problem?: DataProblem;
}

export interface InspectSharedParams {
  train: InspectDataParams;
  eval: InspectDataParams;
}

export interface InspectTokensParams {
  /** The resolved run, as `run.json` has it. */
  run: Readonly<Record<string, unknown>>;
  /** The files that the answer depends on, absolute. */
  files: string[];
}

/** One side of a split of which some rows are held out, drawn as `datasets.Dataset.train_test_split` draws them. */
export interface RowCut {
  /** Below 1 a fraction of the rows, else a number of rows. */
  test_size: number;
  seed: number;
  /** The column whose values both sides have in the same shares. */
  stratify_by_column?: string;
  /** `test` are the rows that are held out, `train` all others. */
  side: 'train' | 'test';
}

export interface InspectDataParams {
  files: string[];
  columns: Record<string, string>;
  format: string;
  /** Columns of 0 and 1, one a label, in place of the role `labels`. */
  label_columns?: string[];
  /** What stands between labels that are written as one text; `,` when absent. */
  label_separator?: string;
  /** The labels that the label column may hold, where the config lists them. */
  labels?: string[];
  /** What a row of a `.txt` file is; a line when absent. */
  sample_by?: 'line' | 'paragraph' | 'document';
  /** Which of the rows are meant; all of them when absent. */
  cut?: RowCut;
}

export interface InspectModelParams {
  folder: string;
}

/** How large a run's model is, and how much of it is trained; no weight is read for it. */
export interface SizeFacts {
  parameters: { total: number; trained: number };
  /** Bytes of weights, gradients and moments, with the weights that DPO's reference keeps; what a batch needs comes on top. */
  stateMemory: number;
}

/** What decides the size of a run: fields of its config, as they are resolved. */
export interface InspectSizeParams {
  /** The folder of the base model, absolute. */
  folder: string;
  task: string;
  num_labels?: number;
  /** `method:` with its defaults filled in. */
  method: unknown;
  gradient_accumulation_steps: number;
  optim: string;
}

/** Whether task and method of a run fit its base model; no weight is read for it. */
export interface FitFacts {
  /** Names in `modules_to_save` that nothing in the model has. */
  unknown_modules: string[];
  /** The last parts of the names that it has. */
  modules: string[];
  /** Why a run is refused: the first reason. */
  problem?: DataProblem;
}

/** What of a run decides whether it fits its base model. */
export interface InspectFitParams {
  /** The folder of the base model, absolute. */
  folder: string;
  task: string;
  num_labels?: number;
  ignore_mismatched_sizes?: boolean;
  /** `method:` with its defaults filled in. */
  method: unknown;
}

/** Whether a tokenizer can be read, and whether each of its tokens has a row in the embedding of a model. */
export interface VocabularyFacts {
  problem?: DataProblem;
}

export interface InspectVocabularyParams {
  /** The folder of the tokenizer, absolute. */
  folder: string;
  /** Rows of the embedding; absent where the tokenizer says how many there are. */
  rows?: number;
  /** The file that says how many there are. */
  place: string;
}

/** Whether a device of `target:` can be used on the machine that looked. */
export interface DeviceFacts {
  /** The device, and of `auto` the one that a run would take. */
  device: string;
  /** Why it cannot be used, as a sentence. */
  problem?: string;
  /** Why it cannot multiply float16 matrices, as a sentence. */
  noFloat16?: string;
}

export interface InspectDeviceParams {
  /** As `target: { local: { device } }` names it. */
  device: string;
}

/** What a model is asked by a prompt about one row. */
export interface PromptFacts {
  /** The split that the row is of; absent, like all that follows, where nothing says which rows the prompt is for. */
  data?: string;
  /** The place of the row in it, from 0: the last one where the asked one is behind it. */
  row?: number;
  /** The file of the row, absolute, and its line. */
  place?: { file: string; line: number };
  /** What is asked: the messages of a conversation, or one text. */
  parts: PromptPart[];
  /** How many tokens it has for each candidate that is asked by it, and how many that one reads together with its answer. */
  counted: { candidate: string; tokens: number; context: number }[];
  /** What keeps tokens from being counted, as sentences. */
  notes: string[];
  /** Why the row makes no prompt, as a sentence. */
  problem?: string;
}

export interface PromptPart {
  /** Who says it; absent for a text that is gone on with. */
  role?: string;
  text: string;
  /** Its tokens for the first candidate that is counted, without those that a chat template puts around it. */
  tokens?: number;
}

/** A prompt with its use, as the language resolved them. */
export interface InspectPromptParams {
  prompt: Readonly<Record<string, unknown>>;
  use: Readonly<Record<string, unknown>>;
  /** From 0. */
  row: number;
  /** The folder that holds the runs. */
  workspace: string;
}

/** Method names of the JSON-RPC connection. */
export const INSPECT = {
  data: 'inspect/data',
  model: 'inspect/model',
  size: 'inspect/size',
  /** `null` for data that is too large to compare. */
  shared: 'inspect/shared',
  /** `null` where the data is too large, or the tokenizer cannot be read. */
  tokens: 'inspect/tokens',
  fit: 'inspect/fit',
  vocabulary: 'inspect/vocabulary',
  device: 'inspect/device',
  prompt: 'inspect/prompt',
} as const;
