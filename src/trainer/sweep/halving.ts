/** One round of successive halving (Jamieson & Talwalkar 2016, algorithm 1). */
export interface Rung {
  /** How many runs take part. */
  count: number;
  /** After which of its optimizer steps a run of so many in all holds, until it is known whether it goes on. */
  until: (totalSteps: number) => number;
}

/**
 * The rounds of successive halving: all runs train for a while, the best `1/eta` of them go on for `eta` times as long, and so
 * on; those of the last round train to their end. Without halving there is one round.
 * @param minSteps optimizer steps of the first round; undefined for what lets the last one end at a run's own length
 */
export function planRungs(samples: number, eta: number, minSteps: number | undefined): Rung[] {
  const counts = [samples];
  for (let count = samples; count > 1;) counts.push((count = Math.max(1, Math.floor(count / eta))));
  const last = counts.length - 1;
  return counts.map((count, rung) => ({
    count,
    until: (total) => {
      if (rung === last) return total;
      const steps = minSteps === undefined ? Math.ceil(total / eta ** (last - rung)) : minSteps * eta ** rung;
      return Math.min(total, steps);
    },
  }));
}
