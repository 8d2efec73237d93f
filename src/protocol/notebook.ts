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
  /** Its losses as an SVG; absent where there are not enough of them. */
  picture?: string;
}

/** From the renderer to the extension. */
export type FromRenderer =
  | { type: 'watch'; run: string; notebook?: string }
  | { type: 'unwatch'; run: string }
  | { type: 'metrics'; run: string }
  | { type: 'stop'; run: string };

/** From the extension to the renderer. */
export interface ToRenderer {
  type: 'run';
  run: RunView;
}
