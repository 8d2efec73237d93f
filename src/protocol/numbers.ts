/**
 * A number as it stands in JSON. JSON has no NaN and no infinities, and a training curve has both, so they
 * travel as words. They are shown as what they are, never dropped and never averaged away.
 */
export type WireNumber = number | 'NaN' | 'Infinity' | '-Infinity';

/** Writes a number so that JSON keeps it. */
export function toWire(value: number): WireNumber {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}

/** Reads what {@link toWire} wrote. */
export function fromWire(value: WireNumber): number {
  return typeof value === 'number' ? value : Number(value);
}
