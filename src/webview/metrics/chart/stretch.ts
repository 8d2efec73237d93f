/** Ways along an axis by keyboard, which are as long to the eye on a logarithmic axis as on a linear one. */

/** What is seen of an axis, in its unit; on a logarithmic one both ends are above zero. */
export interface Seen {
  range: readonly [number, number];
  isLog: boolean;
}

/** A stretch around a place, `factor` times as long as what is seen: below 1 nearer, above 1 farther. */
export function stretchAround(place: number, factor: number, { range, isLog }: Seen): [number, number] {
  const [min, max, at] = [...range, place].map((value) => (isLog ? Math.log(value) : value));
  const half = (((max ?? 0) - (min ?? 0)) * factor) / 2;
  const [from, to] = [(at ?? 0) - half, (at ?? 0) + half];
  return isLog ? [Math.exp(from), Math.exp(to)] : [from, to];
}

/** The place that lies a share of what is seen farther on; before it for a share below zero. */
export function moveBy(place: number, share: number, { range: [min, max], isLog }: Seen): number {
  return isLog ? place * (max / min) ** share : place + (max - min) * share;
}
