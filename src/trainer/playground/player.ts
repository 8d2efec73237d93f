import type {
  AskParams,
  AskProgress,
  PlaygroundAnswer,
  PlaygroundCandidate,
} from '../../protocol/playground.ts';

/** What a question tells while it is answered, and what ends it. */
export interface Asking {
  readonly signal: AbortSignal;
  readonly tell: (progress: Omit<AskProgress, 'ask'>) => void;
}

export type Question = Pick<AskParams, 'text' | 'slots' | 'past' | 'settings'>;

/** A candidate that can be asked. Its weights are read with the first question. */
export interface Player {
  readonly described: Omit<PlaygroundCandidate, 'id' | 'name'>;
  /** It computes on this machine: one at a time. */
  readonly isLocal: boolean;
  /**
   * @throws TunebookError what a person can mend; the signal's reason when aborted
   */
  readonly ask: (question: Question, asking: Asking) => Promise<PlaygroundAnswer>;
}
