/** What became of the rows. */
export interface TokenizationReport {
  rows: number;
  /** Rows of which the end was cut off to keep to max_length. */
  truncated: number;
  /** Rows that were left out: those in which nothing to predict is left within max_length, and those that are masked. */
  dropped: number;
  /** Of the rows that were left out those that have tokens to predict, none of which counts for the loss. */
  masked: number;
  /** Tokens of the longest row, special tokens included, after truncation. */
  longest: number;
  /** Tokens of all rows. */
  tokens: number;
}

/** A report before the first row. */
export function emptyReport(): TokenizationReport {
  return { rows: 0, truncated: 0, dropped: 0, masked: 0, longest: 0, tokens: 0 };
}
