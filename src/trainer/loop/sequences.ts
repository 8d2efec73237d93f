/** Tokenised rows, flat: row `i` is `input_ids[offsets[i] … offsets[i + 1])`. */
export interface Sequences {
  readonly input_ids: Int32Array;
  /** `[rows + 1]`. */
  readonly offsets: Int32Array;
  /** Segment of each token, like `input_ids`; all zero when absent. */
  readonly token_type_ids?: Int32Array;
}

export function rowCount(sequences: Sequences): number {
  return sequences.offsets.length - 1;
}

export function rowLength({ offsets }: Sequences, row: number): number {
  return offsets[row + 1]! - offsets[row]!;
}

/** Length of every row. */
export function rowLengths(sequences: Sequences): Int32Array {
  return Int32Array.from({ length: rowCount(sequences) }, (_, row) => rowLength(sequences, row));
}
