/** Tokenised rows, flat: row `i` is `input_ids[offsets[i] … offsets[i + 1])`. */
export interface Sequences {
  readonly input_ids: Int32Array;
  /** `[rows + 1]`. */
  readonly offsets: Int32Array;
  /** Segment of each token, like `input_ids`; all zero when absent. */
  readonly token_type_ids?: Int32Array;
}

export function rowCount(sequences: Pick<Sequences, 'offsets'>): number {
  return sequences.offsets.length - 1;
}

export function rowLength({ offsets }: Pick<Sequences, 'offsets'>, row: number): number {
  return offsets[row + 1]! - offsets[row]!;
}

/** Length of every row. */
export function rowLengths(sequences: Pick<Sequences, 'offsets'>): Int32Array {
  return Int32Array.from({ length: rowCount(sequences) }, (_, row) => rowLength(sequences, row));
}
