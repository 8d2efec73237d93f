/** How far a table is scrolled, and how high it and one of its rows are, in pixels. */
export interface TableScroll {
  top: number;
  height: number;
  row: number;
}

/** Before anything was measured. */
export const UNSCROLLED: TableScroll = { top: 0, height: 420, row: 34 };

/** Tables with no more rows than this are drawn whole. */
const FEW = 60;
/** Rows beyond each end of what is seen, so that scrolling shows no hole. */
const BEYOND = 10;

/** A row that is drawn by its place, or the height that rows take which are not. */
export type VisiblePart = { row: number } | { height: number };

/**
 * Which rows of a long table are drawn: those that are seen with some around them, and the one that the keyboard is on, wherever it
 * is, so that it keeps the focus. The others are gaps as high as they would be.
 * @param active the place of the row that the keyboard is on; -1 for none
 */
export function visibleParts(
  count: number,
  active: number,
  { top, height, row }: TableScroll,
): VisiblePart[] {
  if (count <= FEW) return Array.from({ length: count }, (_, i) => ({ row: i }));
  const from = Math.max(0, Math.min(count - 1, Math.floor(top / row) - BEYOND));
  const to = Math.min(count, Math.ceil((top + height) / row) + BEYOND);
  const drawn = Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
  if (active >= 0 && active < from) drawn.unshift(active);
  if (active >= to) drawn.push(active);
  const parts: VisiblePart[] = [];
  let next = 0;
  for (const at of drawn) {
    if (at > next) parts.push({ height: (at - next) * row });
    parts.push({ row: at });
    next = at + 1;
  }
  if (next < count) parts.push({ height: (count - next) * row });
  return parts;
}
