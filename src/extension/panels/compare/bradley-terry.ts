import type { NewVote, Rating } from '../../../protocol/compare.ts';

/** Elo points of a factor of ten in the odds. */
const ELO = 400 / Math.LN10;
const Z = 1.959963984540054;
/** Weight of the prior that keeps ratings finite where a candidate has won (or lost) everything: choix's `alpha`. */
const PRIOR = 0.1;

/**
 * Strengths by the Bradley–Terry model: the odds that one beats another are e to the difference of their strengths. A tie, and "both bad",
 * is half a win for each. Maximum likelihood by Newton's method, strengths with mean 0; intervals from the observed information, as
 * those of a logistic regression. R. A. Bradley and M. E. Terry, Biometrika 39 (1952).
 *
 * Where the votes do not bound every strength (some group has never lost to the rest; L. R. Ford, 1957), a normal prior does, as in
 * choix's `opt_pairwise(alpha=0.1)`, and those ratings say so.
 *
 * @returns strongest first; only candidates that were voted on
 */
export function rate(votes: readonly NewVote[]): Rating[] {
  const names = [...new Set(votes.flatMap(({ left, right }) => [left, right]))];
  if (names.length < 2) return [];
  const wins = names.map(() => new Float64Array(names.length));
  const add = (winner: string, loser: string, weight: number) => {
    const row = wins[names.indexOf(winner)];
    const at = names.indexOf(loser);
    if (row) row[at] = (row[at] ?? 0) + weight;
  };
  for (const { left, right, winner } of votes) {
    add(left, right, winner === 'left' ? 1 : winner === 'right' ? 0 : 0.5);
    add(right, left, winner === 'right' ? 1 : winner === 'left' ? 0 : 0.5);
  }
  const isBounded = isStronglyConnected(wins);
  const { strengths, deviations } = fit(wins, isBounded ? 0 : PRIOR);
  return names
    .map((candidate, i) => describe(candidate, votes, strengths[i] ?? 0, deviations[i] ?? 0, isBounded))
    .sort((x, y) => y.points - x.points);
}

function describe(
  candidate: string,
  votes: readonly NewVote[],
  strength: number,
  deviation: number,
  isBounded: boolean,
): Rating {
  const own = votes.filter(({ left, right }) => left === candidate || right === candidate);
  const side = (vote: NewVote) => (vote.left === candidate ? 'left' : 'right');
  const tied = own.filter(({ winner }) => winner === 'tie' || winner === 'both-bad').length;
  const won = own.filter((vote) => vote.winner === side(vote)).length;
  const rating: Rating = {
    candidate,
    won,
    lost: own.length - won - tied,
    tied,
    points: ELO * strength,
    ci: [ELO * (strength - Z * deviation), ELO * (strength + Z * deviation)],
  };
  if (!isBounded)
    rating.unbounded = 'the votes are too few or too much alike to bound it, so it is held near 0';
  return rating;
}

/**
 * Newton's method on the log-likelihood (less `prior` times the sum of squares).
 *
 * @param wins `[k][k]`: how often the row beat the column
 * @returns strengths with mean 0 and their standard deviations, `[k]` each
 */
export function fit(
  wins: readonly Float64Array[],
  prior: number,
): { strengths: number[]; deviations: number[] } {
  const size = wins.length;
  let strengths = new Array<number>(size).fill(0);
  let inverse: number[][] = [];
  for (let step = 0; step < 100; step++) {
    const gradient = strengths.map((strength) => -2 * prior * strength);
    // The mean is free without a prior; adding a constant everywhere holds it at 0 and changes nothing else.
    const information = strengths.map((_, i) =>
      strengths.map((_, j) => (prior === 0 ? 1 / size : 0) + (i === j ? 2 * prior : 0)),
    );
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        const [won, lost] = [wins[i]?.[j] ?? 0, wins[j]?.[i] ?? 0];
        if (i === j || won + lost === 0) continue;
        const chance = 1 / (1 + Math.exp((strengths[j] ?? 0) - (strengths[i] ?? 0)));
        const weight = (won + lost) * chance * (1 - chance);
        gradient[i] = (gradient[i] ?? 0) + won - (won + lost) * chance;
        addTo(information, i, i, weight);
        addTo(information, i, j, -weight);
      }
    }
    inverse = invert(information);
    const change = inverse.map((row) => row.reduce((sum, value, j) => sum + value * (gradient[j] ?? 0), 0));
    const largest = Math.max(...change.map(Math.abs));
    const scale = largest > 2 ? 2 / largest : 1;
    strengths = strengths.map((strength, i) => strength + scale * (change[i] ?? 0));
    if (largest < 1e-12) break;
  }
  const mean = strengths.reduce((sum, value) => sum + value, 0) / size;
  const free = prior === 0 ? 1 / size : 0;
  return {
    strengths: strengths.map((strength) => strength - mean),
    deviations: inverse.map((row, i) => Math.sqrt(Math.max(0, (row[i] ?? 0) - free))),
  };
}

function addTo(matrix: number[][], row: number, column: number, amount: number): void {
  const line = matrix[row];
  if (line) line[column] = (line[column] ?? 0) + amount;
}

/** Gauss–Jordan with pivots; the matrices are small and positive definite. */
function invert(matrix: readonly (readonly number[])[]): number[][] {
  const size = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++)
      if (Math.abs(rows[row]?.[column] ?? 0) > Math.abs(rows[pivot]?.[column] ?? 0)) pivot = row;
    const top = rows[pivot] ?? [];
    rows[pivot] = rows[column] ?? [];
    const divisor = top[column] ?? 1;
    const scaled = top.map((value) => value / divisor);
    rows[column] = scaled;
    for (let row = 0; row < size; row++) {
      const factor = rows[row]?.[column] ?? 0;
      if (row !== column && factor !== 0)
        rows[row] = (rows[row] ?? []).map((value, j) => value - factor * (scaled[j] ?? 0));
    }
  }
  return rows.map((row) => row.slice(size));
}

/** Whether everyone has beaten everyone, directly or through others: then the likelihood has a maximum. */
function isStronglyConnected(wins: readonly Float64Array[]): boolean {
  const reaches = (from: number, beats: (i: number, j: number) => boolean) => {
    const seen = new Set([from]);
    for (const i of seen) wins.forEach((_, j) => beats(i, j) && seen.add(j));
    return seen.size === wins.length;
  };
  return reaches(0, (i, j) => (wins[i]?.[j] ?? 0) > 0) && reaches(0, (i, j) => (wins[j]?.[i] ?? 0) > 0);
}
