import { formatNumber } from '../../../protocol/format.ts';

/** Room above and below the line, as a share of the height. */
const PADDING = 0.06;

/**
 * The ends of a y axis for values between `min` and `max`. Shares stay within 0 and 1 (and a hair beyond, so that a line at the
 * edge is seen whole); a value that never changes gets room on both sides; on a logarithmic axis the room is a factor.
 */
export function axisRange(
  min: number | null,
  max: number | null,
  { log, share }: { log: boolean; share: boolean },
): [number, number] {
  if (min === null || max === null || !Number.isFinite(min) || !Number.isFinite(max))
    return log ? [0.1, 1] : [0, 1];
  if (log) return logRange(min, max);
  const room = max > min ? (max - min) * PADDING : Math.abs(max) * 0.1 || 1;
  const [low, high] = [min - room, max + room];
  if (share) return [Math.max(low, -0.02), Math.min(high, 1.02)];
  // Nothing that is measured here is below zero without a value that is.
  return [min >= 0 ? Math.max(0, low) : low, high];
}

function logRange(min: number, max: number): [number, number] {
  const low = Math.max(min, Number.MIN_VALUE);
  const factor = max > low ? (max / low) ** PADDING : 2;
  return [low / factor, max * factor];
}

/**
 * The words at the ticks of an axis, all with as many digits as tell neighbours apart. Null for ticks that an axis leaves
 * without a word.
 */
export function tickWords(ticks: readonly (number | null)[], share: boolean): string[] {
  const numbers = ticks.filter((tick) => tick !== null);
  const gaps = numbers.slice(1).map((tick, i) => Math.abs(tick - (numbers[i] ?? 0)));
  const gap = Math.min(...gaps.filter((size) => size > 0), Infinity);
  const largest = Math.max(...numbers.map(Math.abs), 0);
  return ticks.map((tick) => {
    if (tick === null) return '';
    if (tick === 0) return share ? '0 %' : '0';
    if (share) return `${plain(tick * 100, decimalsOf(gap * 100) ?? 0)} %`;
    if (largest < 1e-2 || largest >= 1e7) return formatNumber(tick, significant(tick, gap));
    const places = decimalsOf(gap);
    return places === undefined ? formatNumber(tick, 3) : plain(tick, places);
  });
}

/** At most so many ticks on a logarithmic axis. */
const LOG_TICKS = 8;

/**
 * Ticks of a logarithmic axis: 1, 2 and 5 times powers of ten, or powers alone where those are many, or every second or third
 * power. Within less than a decade evenly spaced round numbers.
 */
export function logTicks(min: number, max: number): number[] {
  const decades = Math.log10(max / min);
  if (decades < 1) return evenTicks(min, max);
  const [from, to] = [Math.floor(Math.log10(min)), Math.ceil(Math.log10(max))];
  const steps = decades * 3 <= LOG_TICKS ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil(decades / LOG_TICKS));
  const powers = Array.from({ length: to - from + 1 }, (_, i) => from + i).filter(
    (power) => power % every === 0,
  );
  return powers
    .flatMap((power) => steps.map((step) => Number(`${step}e${power}`)))
    .filter((tick) => tick >= min && tick <= max);
}

/** Round numbers between two, four to eight of them. */
function evenTicks(min: number, max: number): number[] {
  const rough = (max - min) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((digit) => digit * power).find((size) => size >= rough) ?? rough;
  const first = Math.ceil(min / step);
  return Array.from({ length: Math.floor(max / step) - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
}

/** The words at the ticks of a logarithmic axis. */
export function logTickWords(ticks: readonly (number | null)[], share: boolean): string[] {
  return ticks.map((tick) => {
    if (tick === null) return '';
    return share ? `${formatNumber(tick * 100, 3)} %` : formatNumber(tick, 3);
  });
}

/** How many decimals a distance between ticks needs to be written as it is; undefined for no distance. */
function decimalsOf(gap: number): number | undefined {
  if (!Number.isFinite(gap)) return undefined;
  let decimals = 0;
  while (decimals < 12 && !isWhole(gap * 10 ** decimals)) decimals++;
  return decimals;
}

function isWhole(value: number): boolean {
  return value > 0.5 && Math.abs(value - Math.round(value)) < 1e-6;
}

function plain(value: number, decimals: number): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** Digits that tell a value from one that is `gap` away. */
function significant(value: number, gap: number): number {
  if (!Number.isFinite(gap)) return 3;
  return Math.min(8, Math.max(1, Math.floor(Math.log10(Math.abs(value) / gap) + 1e-9) + 2));
}
