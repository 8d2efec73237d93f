/** Which sequences stand together in a row: row `r` holds `members[offsets[r] … offsets[r + 1])`. */
export interface PackedRows {
  readonly members: Int32Array;
  /** `[rows + 1]`. */
  readonly offsets: Int32Array;
}

/**
 * Best-fit decreasing packing, in the order of TRL's `packing_strategy: bfd`: the longest sequences first, each into the row
 * with the least room that still takes it (of equal ones the oldest). Every sequence must fit into a row.
 * @param lengths tokens of each sequence; empty ones are left out
 * @param room tokens of a row
 */
export function packBestFit(lengths: Int32Array, room: number): PackedRows {
  const order = [...lengths.keys()].filter((i) => lengths[i]! > 0).sort((a, b) => lengths[b]! - lengths[a]!);
  const rows: number[][] = [];
  const byRoom: number[][] = Array.from({ length: room + 1 }, () => []);
  for (const sequence of order) {
    const length = lengths[sequence]!;
    if (length > room) throw new Error(`a sequence of ${length} tokens does not fit into rows of ${room}`);
    let space = length;
    // A row that is still empty is not looked for: it is made.
    while (space < room && byRoom[space]!.length === 0) space++;
    const row = space < room ? byRoom[space]!.shift()! : rows.push([]) - 1;
    rows[row]!.push(sequence);
    byRoom[space - length]!.push(row);
  }
  const offsets = Int32Array.from([0, ...rows.map((row) => row.length)]);
  for (let i = 1; i < offsets.length; i++) offsets[i]! += offsets[i - 1]!;
  return { members: Int32Array.from(rows.flat()), offsets };
}
