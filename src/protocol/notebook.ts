import type { ObjectiveVerdict } from './evaluation.ts';

/** What is told of a data set below its cell. */
export interface DatasetDescription {
  name: string;
  format: string;
  splits: SplitDescription[];
  /** How often each label stands in each split, in the order of `splits`; the most frequent first. Absent where the format has none. */
  labels?: { label: string; counts: number[] }[];
  /** How many rows of all splits have so many words; `to` is included. */
  lengths: { from: number; to: number; rows: number }[];
  /** The first rows of the first split. */
  sample: { columns: string[]; rows: string[][] };
}

export interface SplitDescription {
  split: string;
  rows: number;
  /** Words of a row: the middle one, the 95th percentile (nearest rank), and the most. */
  words: { median: number; p95: number; longest: number };
}

/** What is told of a prompt: what a model is asked for a few rows. */
export interface PromptDescription {
  name: string;
  /** The split whose rows are shown: `intents.validation`; absent where nothing says which rows it is for. */
  data?: string;
  /** Names of the candidates whose tokens are counted. */
  counted: string[];
  rows: {
    /** Where the row stands: `data/validation.csv:2`. */
    place: string;
    /** The prompt as it is sent; of a conversation each message begins with its role in brackets. */
    text: string;
    /** In the order of `counted`. */
    tokens: number[];
  }[];
  /** Why something is not there, a sentence each. */
  notes: string[];
}

/** Whether an objective is met by the newest finished evaluation that measures it. */
export interface ObjectiveDescription {
  name: string;
  evaluation: string;
  /** The id of that evaluation. */
  run: string;
  verdict: ObjectiveVerdict;
}

/** All that the result of a document depends on, before it is hashed. */
export interface DocumentInputs {
  kind: string;
  name: string;
  /** The resolved document, with paths relative to the folder of the notebook. */
  config: unknown;
  /** Absolute paths of data files: their bytes count. */
  files: string[];
  /** Absolute paths of model folders: names and sizes of their files count. */
  folders: string[];
  /** Names of runs whose newest finished one is read. */
  runs: string[];
  /** Names of evaluations whose newest finished one is read. */
  evaluations: string[];
  /** The device that it is computed on, as it is written; no part of what the result depends on beside `config`. */
  device?: string;
}

/** How a cell stands: nothing to run in it, no result yet, a result of what it says now, one of something else, or mistakes in it. */
export type CellState = 'declares' | 'empty' | 'fresh' | 'stale' | 'broken';

/** A cell as it stands, for who runs it or marks it. */
export interface CellStatus {
  /** Of the notebook's cells, from 0. */
  index: number;
  /** What people call it: the name of its first document. */
  name: string;
  documents: { kind: string; name: string }[];
  state: CellState;
  /** Hash of its inputs; absent where they cannot be known. */
  inputs?: string;
  /** Ids of the runs that its result is of and that are no longer on this machine: with them its state is `stale`. */
  gone?: string[];
  /** The cell that must be run first, though it stands below: an objective waits for its evaluation. */
  after?: number;
  /** The device that its runs are computed on, as it is written: `auto`, `cpu`, … */
  device?: string;
  /** How long its runs may take, in seconds, and what that is known from. */
  estimate?: { seconds: number; from: 'plan' | 'last run' };
}

/** What the language server is asked about a notebook that is open. */
export const NOTEBOOK_REQUESTS = {
  /** `{ uri }` → {@link CellStatus}[] */
  status: 'tunebook/cellStatus',
} as const;

/** The renderer of results in notebooks, by which its messages find their way. */
export const RESULT_RENDERER = 'tunebook-result';

/** What the renderer shows of a run, while it goes on and after. */
export interface RunView {
  id: string;
  /** Whether it goes on. */
  live: boolean;
  /** How it stands, in words. */
  description: string;
  /** Done, in whole per cent; absent while nothing is counted. */
  percent?: number;
  /** The last numbers, as they are shown. */
  metrics: [name: string, value: string][];
  /** Whether it ended before its end and can go on from there. */
  resumable: boolean;
  /** Its losses as an SVG; absent where there are not enough of them. */
  picture?: string;
  /** Of a sweep: its runs and how they stand, in words. */
  children?: [name: string, values: string, description: string][];
}

/** From the renderer to the extension. */
export type FromRenderer =
  | { type: 'watch'; run: string; notebook?: string }
  | { type: 'unwatch'; run: string }
  | { type: 'metrics'; run: string }
  | { type: 'stop'; run: string }
  | { type: 'resume'; run: string };

/** From the extension to the renderer. */
export interface ToRenderer {
  type: 'run';
  run: RunView;
}
