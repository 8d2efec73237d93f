import type { CompareDetail, NewVote, Preference } from '../../protocol/compare.ts';
import type { CompareModel } from './model.ts';

/** What is voted on: the answers of two candidates to a row, on sides that tell nothing of whose they are. */
export interface Ballot {
  index: number;
  left: string;
  right: string;
}

/** The keys of a vote. */
export const VOTE_KEYS: Readonly<Record<string, Preference>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'tie',
  ArrowDown: 'both-bad',
};

/**
 * A ballot on the open row, for the two candidates that are compared; undefined where one has not answered it.
 * @param coin true or false by chance: on which side which one is
 */
export function ballotOf({ detail, query, overview }: CompareModel, coin: boolean): Ballot | undefined {
  if (!detail || query.a === query.b) return undefined;
  const isAnswered = (name: string) => Boolean(answerOf(detail, overview?.candidates ?? [], name));
  if (!isAnswered(query.a) || !isAnswered(query.b)) return undefined;
  const [left, right] = coin ? [query.a, query.b] : [query.b, query.a];
  return { index: detail.index, left, right };
}

/** What a candidate answered. */
export function answerOf(
  detail: CompareDetail,
  candidates: readonly string[],
  name: string,
): CompareDetail['answers'][number] {
  return detail.answers[candidates.indexOf(name)] ?? null;
}

/** The vote on a ballot. */
export function voteOn(ballot: Ballot, winner: Preference): NewVote {
  return { ...ballot, winner };
}

/**
 * The place of the next row to vote on, from a place on: the first that has no vote yet and, of those that are here, no equal outputs.
 * Undefined where all rows behind it are done.
 */
export function nextToVote(model: CompareModel, from: number): number | undefined {
  const { rows, selection, votes, overview, query } = model;
  const voted = new Set(votes?.voted);
  const [a, b] = [query.a, query.b].map((name) => overview?.candidates.indexOf(name) ?? -1);
  for (let place = from; place < (selection?.count ?? 0); place++) {
    const row = rows.get(place);
    if (!row) return place;
    const [one, other] = [row.answers[a ?? -1], row.answers[b ?? -1]];
    if (!voted.has(row.index) && one && other && one.output !== other.output) return place;
  }
  return undefined;
}
