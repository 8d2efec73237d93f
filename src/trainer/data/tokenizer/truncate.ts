/** Which text of a pair gives way, as transformers names it. One text alone is cut either way. */
export type TruncationStrategy = 'longest_first' | 'only_first' | 'only_second';

/**
 * How many tokens of each text stay, by the rule of Hugging Face's Rust tokenizers: `longest_first` cuts the longer one down to the
 * shorter, then both to half.
 * @param room tokens that the texts may have together, special tokens not counted
 * @returns the lengths, or undefined when the strategy cannot reach `room`
 */
export function truncatedLengths(
  first: number,
  second: number | undefined,
  room: number,
  strategy: TruncationStrategy,
): [first: number, second: number] | undefined {
  const excess = first + (second ?? 0) - room;
  if (excess <= 0) return [first, second ?? 0];
  if (second === undefined) return [room, 0];
  if (strategy === 'only_first') return first > excess ? [first - excess, second] : undefined;
  if (strategy === 'only_second') return second > excess ? [first, second - excess] : undefined;

  let short = Math.min(first, second);
  let long = short > room ? short : Math.max(short, room - short);
  if (short + long > room) {
    short = Math.floor(room / 2);
    long = short + (room % 2);
  }
  return first > second ? [long, short] : [short, long];
}
