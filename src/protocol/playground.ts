import type { CandidateSource } from './evaluation.ts';

/**
 * The playground: what the page, the extension host and `tunebook playground --stdio` (JSON-RPC over LSP framing) say to each other.
 * The page keeps the conversation; the trainer keeps models.
 */

/** Where candidates come from: all of an evaluation's, or one model. */
export type PlaygroundSource =
  /** `file` is the config, absolute. */
  | { kind: 'evaluate'; file: string; name: string }
  /** A folder, absolute, `hf:owner/name` or `run:NAME@ID`. */
  | { kind: 'model'; model: string; name: string };

/** How answers are drawn; names are those of transformers' `GenerationConfig`. What is left out is the candidate's own. */
export interface PlaygroundSettings {
  max_new_tokens?: number;
  /** 0 takes the likeliest token each time. */
  temperature?: number;
  top_p?: number;
  top_k?: number;
  repetition_penalty?: number;
  /** Texts that end an answer. */
  stop?: string[];
  seed?: number;
}

/** The values that each setting may have, both ends included; those of {@link PlaygroundSettings} that are numbers. */
export const SETTING_RANGES = {
  temperature: { least: 0, most: 10, whole: false },
  top_p: { least: 0.01, most: 1, whole: false },
  top_k: { least: 0, most: 1_000_000, whole: true },
  max_new_tokens: { least: 1, most: 1_000_000, whole: true },
  repetition_penalty: { least: 0.01, most: 10, whole: false },
  seed: { least: 0, most: 4_294_967_295, whole: true },
} as const;

export type NumberSetting = keyof typeof SETTING_RANGES;

/** Goes on with a conversation, goes on with a text, or says how likely each label is. */
export type AnswerKind = 'chat' | 'text' | 'labels';

/** A candidate that answers what is typed. */
export interface PlaygroundCandidate {
  /** Stays the same over a reload of the window. */
  id: string;
  name: string;
  /** What it is, in a few words: its model, and how it is asked. */
  about: string;
  answers: AnswerKind;
  /** The column of its prompt that the typed text fills; absent where it is asked without a prompt. */
  input?: string;
  /** Further columns of its prompt. */
  slots: string[];
  /** How it answers where nothing else is said. */
  settings: PlaygroundSettings;
  /** Where its model lies, where answers can be learnt by it. */
  source?: CandidateSource;
  /** Why it cannot answer, and what to do. */
  problem?: string;
}

/** Requests and notifications of the JSON-RPC connection. */
export const PLAYGROUND = {
  /** {@link OpenParams} → {@link PlaygroundCandidate}[]. */
  open: 'playground/open',
  /** {@link AskParams} → {@link AskResult}. Cancelling it stops the answer. */
  ask: 'playground/ask',
  /** Trainer → host, {@link AskProgress}. */
  progress: 'playground/progress',
} as const;

export interface OpenParams {
  /** The folder whose runs are meant. */
  workspace: string;
  sources: PlaygroundSource[];
}

/** An earlier question, and what the candidate that is asked said. */
export interface PastTurn {
  user: string;
  assistant: string;
}

export interface AskParams {
  /** What {@link AskProgress} calls this question. */
  ask: string;
  /** The id of a candidate. */
  candidate: string;
  text: string;
  /** Values of further columns of its prompt. */
  slots: Record<string, string>;
  /** What was said before, oldest first; only a chat hears it. */
  past: PastTurn[];
  settings: PlaygroundSettings;
}

export interface AskProgress {
  ask: string;
  /** It waits for others that compute here, its weights are read, or its prompt is. */
  state?: 'waiting' | 'loading' | 'reading';
  /** Text that has come in addition. */
  text?: string;
  /** What a person should know, as a sentence: that a request is sent again, say. */
  note?: string;
}

export type AskResult = ({ type: 'answer' } & PlaygroundAnswer) | ({ type: 'problem' } & PlaygroundProblem);

export interface PlaygroundAnswer {
  text: string;
  /** What ended it: a token, a stop string, or the most tokens that it may have; absent for labels. */
  finish?: 'eos' | 'stop' | 'length';
  /** What it was asked, as rows to train on have it: a text, or the messages. */
  prompt: string | { role: string; content: string }[];
  promptTokens?: number;
  outputTokens?: number;
  /** From the question to the end of the answer, without the loading of weights. */
  milliseconds: number;
  /** What a reader of the answer must know, as a sentence: a setting that it was asked without. */
  note?: string;
  /** The likeliest first. */
  labels?: { label: string; probability: number }[];
}

export interface PlaygroundProblem {
  code: string;
  message: string;
  hint?: string;
}

/** An answer as the page keeps it. */
export type KeptAnswer =
  | ({ state: 'done' } & PlaygroundAnswer)
  | { state: 'stopped'; text: string }
  | ({ state: 'failed' } & PlaygroundProblem);

/** What was asked, and what each candidate made of it, by its id. */
export interface PlaygroundTurn {
  id: number;
  text: string;
  slots: Record<string, string>;
  answers: Record<string, KeptAnswer>;
}

/** What survives a reload of the window. */
export interface PlaygroundState {
  /** The workspace folder, absolute. */
  workspace: string;
  sources: PlaygroundSource[];
  /** Ids of candidates that were taken away. */
  hidden: string[];
  settings: PlaygroundSettings;
  turns: PlaygroundTurn[];
}

/** What an answer is kept as: a row to train on, or a pair of which it is the better one. */
export type KeepKind = 'row' | 'pair';

export type FromPlayground =
  /** The page is there (for the first time, or again after it was hidden): candidates are to be sent. */
  | { type: 'ready' }
  | {
      type: 'ask';
      turn: number;
      text: string;
      slots: Record<string, string>;
      settings: PlaygroundSettings;
      /** What each candidate that is asked heard before, by its id. */
      past: Record<string, PastTurn[]>;
    }
  | { type: 'stop' }
  | { type: 'addCandidates' }
  | { type: 'keep'; kind: KeepKind; turn: number; candidate: string; keep: KeepParams }
  | { type: 'openKept' };

/** An answer to keep. */
export interface KeepParams {
  prompt: PlaygroundAnswer['prompt'];
  /** As the person wants it. */
  better: string;
  /** Answers that it is better than; none for a row. */
  worse: string[];
}

export type ToPlayground =
  | { type: 'candidates'; candidates: PlaygroundCandidate[]; sources: PlaygroundSource[] }
  /** Why there are none, as a sentence. */
  | { type: 'unavailable'; message: string }
  /** Which turn is being answered, after the page was away: what has come so far follows. Undefined when none is. */
  | { type: 'going'; turn: number | undefined }
  | ({ type: 'progress'; turn: number; candidate: string } & Omit<AskProgress, 'ask'>)
  | { type: 'answer'; turn: number; candidate: string; answer: KeptAnswer }
  | { type: 'kept'; kind: KeepKind; turn: number; candidate: string; file: string; rows: number };
