import type { CandidateOutput, EvaluationResult, TextSpan } from './evaluation.ts';

/**
 * Messages between the extension host and the comparison panel. The host keeps the records (by byte ranges of `records.jsonl`), filters and
 * sorts; the page gets the rows that it shows, and one row in full. Each side handles every member of its union.
 */

export type ToComparePanel =
  | ({ type: 'overview' } & CompareOverview)
  | ({ type: 'selection' } & CompareSelection)
  | ({ type: 'rows' } & CompareRows)
  | { type: 'detail'; detail: CompareDetail | undefined }
  /** A row that a link names: the page shows it. */
  | { type: 'show'; index: number }
  | { type: 'votes'; votes: VoteSummary };

export type FromComparePanel =
  /** The page is there (for the first time, or again after it was hidden): everything is to be sent. */
  | { type: 'ready'; query: CompareQuery }
  | { type: 'query'; query: CompareQuery }
  /** Rows of the selection, by their place in it. */
  | { type: 'rows'; from: number; to: number }
  | { type: 'detail'; index: number }
  | { type: 'copyLink'; index: number }
  | { type: 'openSource'; index: number }
  /** Opens a text in full in an editor of its own. */
  | { type: 'openText'; index: number; candidate?: string }
  | { type: 'export' }
  | { type: 'vote'; vote: NewVote }
  /** Takes back the newest vote. */
  | { type: 'undoVote' }
  | { type: 'edit'; index: number; candidate: string; output: string }
  | { type: 'makePreferences' };

/** Rows by what a judge said of the answers of two candidates, in both orders: of the second against the first. */
export const JUDGE_CHIPS = ['judged-better', 'judged-worse', 'judged-tie', 'judge-undecided'] as const;
export type JudgeChip = (typeof JUDGE_CHIPS)[number];

/** Which rows there are, told by what two candidates made of them; the second is measured against the first. */
export const COMPARE_CHIPS = ['all', 'regressed', 'fixed', 'both-wrong', 'changed', ...JUDGE_CHIPS] as const;
export type CompareChip = (typeof COMPARE_CHIPS)[number];

export const COMPARE_SORTS = ['order', 'disagreement', 'score', 'length', 'latency'] as const;
export type CompareSort = (typeof COMPARE_SORTS)[number];

/** What the page wants to see. */
export interface CompareQuery {
  /** The baseline, and the candidate that is measured against it. Empty: the first and the last. */
  a: string;
  b: string;
  chip: CompareChip;
  /** Only rows with this reference. */
  label?: string;
  /** Only rows that hold this text, in any case, in input, reference or an output. */
  text?: string;
  /** Characters of the input, both included. */
  length?: [least: number, most: number];
  /** Score of `b`, both included. */
  score?: [least: number, most: number];
  sort: CompareSort;
}

/** The evaluation, without its rows. */
export interface CompareOverview {
  runId: string;
  name: string;
  candidates: string[];
  /** References, where they are few enough to be labels; in alphabetical order. */
  labels: string[];
  /** There once the evaluation has finished. */
  result?: EvaluationResult;
  /** Records that were read so far, and whether there are more to read. */
  read: number;
  loading: boolean;
  /** Columns that some record has. */
  hasCost: boolean;
  /** Whether a judge compared answers. */
  isJudged: boolean;
  /** What is wrong, as a sentence: no records, a damaged line. */
  problem?: string;
}

/** The outcome of a query. */
export interface CompareSelection {
  /** Grows with every selection; rows of an older one are of no use. */
  version: number;
  /** The query that it is of, with `a` and `b` filled in. */
  query: CompareQuery;
  count: number;
  /** How many rows each chip would show under the other filters. */
  counts: Record<CompareChip, number>;
  /** How often the scores of `a` (row) and `b` (column) fall into each tenth. */
  scatter: number[][];
}

export interface CompareRows {
  version: number;
  from: number;
  rows: CompareRow[];
}

/** A row as the table shows it: texts are cut off after some hundred characters. */
export interface CompareRow {
  index: number;
  input: string;
  reference: string;
  /** The right entities within what is there of the input, where words are tagged. */
  spans?: TextSpan[];
  /** There is more of the input. */
  isCut?: true;
  /** One a candidate, in their order; null where it has not answered. */
  answers: (CompareAnswer | null)[];
}

export interface CompareAnswer {
  output: string;
  correct: boolean;
  score: number;
  latency: number;
  cost?: number;
  /** Scores by a judge, by criterion. */
  rubric?: Record<string, number>;
  /** Entities in the input, where words are tagged. */
  spans?: TextSpan[];
}

/** Rows that are asked for together. */
export const ROWS_PAGE = 100;

/** One row in full. Texts beyond {@link LONGEST_TEXT} characters are cut off; `cut` names them. */
export interface CompareDetail {
  index: number;
  /** Its place in the selection; -1 where the filters leave it out. */
  place: number;
  source: string;
  input: string;
  reference: string;
  /** The right entities, where words are tagged. */
  spans?: TextSpan[];
  answers: (DetailAnswer | null)[];
  /** What a judge said of each two answers, in either order. */
  judgements: DetailJudgement[];
  cut: string[];
}

/** A judge's verdict on two answers, and what it was asked and wrote. */
export interface DetailJudgement {
  first: string;
  second: string;
  verdict?: 'first' | 'second' | 'tie';
  prompt?: CandidateOutput['prompt'];
  output: string;
}

export interface DetailAnswer extends CompareAnswer {
  prompt?: string | { role: string; content: string }[];
  scores?: Record<string, number>;
  /** What the person wrote in its place. */
  edited?: string;
  /** What a judge said of it, one a criterion. */
  graded: DetailGrade[];
}

/** A judge's score of an answer, why, and what it was asked. */
export interface DetailGrade {
  criterion: string;
  /** Absent where none could be read. */
  score?: number;
  reason: string;
  prompt?: CandidateOutput['prompt'];
}

/** Characters of a text that the page is given. */
export const LONGEST_TEXT = 20_000;

/** Which of two answers a person prefers. Sides are those that they saw, not knowing whose they were. */
export type Preference = 'left' | 'right' | 'tie' | 'both-bad';

export interface NewVote {
  index: number;
  left: string;
  right: string;
  winner: Preference;
}

/** All votes so far. */
export interface VoteSummary {
  count: number;
  /** Rows that need no vote any more, for the pair of the query. */
  voted: number[];
  ratings: Rating[];
  edits: number;
}

/** How strong a candidate is by the votes (Bradley–Terry): Elo points around 0, 95 % confidence interval. */
export interface Rating {
  candidate: string;
  /** Votes won, lost, and neither. */
  won: number;
  lost: number;
  tied: number;
  points: number;
  ci: [low: number, high: number];
  /** Why points are only a lean guess, as a clause: it has won every vote. */
  unbounded?: string;
}

/** What survives a reload of the window. */
export interface ComparePanelState {
  runId: string;
  dir?: string;
  query: CompareQuery;
  /** Index of the row that is open. */
  open?: number;
}
