import { median } from './numbers.mjs';

/**
 * How long a training took, by the clock of its process.
 * @param {{ started: number, began: number, stepEnds: number[], ended: number }} times of `Date.now()`: when the process was started, when
 *   its training began, when each step ended, when the process ended
 * @param {(time: number) => number} clock see `turns.mjs`
 * @param {number} warmUp steps that do not count in the median
 * @returns `ms` (the median of a step), `train_s`, `first_step_s` and `total_s` (from the start of the process)
 */
export function summarise({ started, began, stepEnds, ended }, clock, warmUp = 1) {
  const ends = stepEnds.map(clock);
  return {
    ms: median(ends.slice(warmUp).map((end, i) => end - ends[warmUp - 1 + i])),
    train_s: (ends.at(-1) - clock(began)) / 1000,
    first_step_s: (ends[0] - clock(started)) / 1000,
    total_s: (clock(ended) - clock(started)) / 1000,
  };
}
