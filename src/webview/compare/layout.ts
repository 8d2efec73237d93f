/** Pixels of a row of the table. */
export const ROW_HEIGHT = 46;
/** Rows above and below what is seen that are drawn too. */
const SPARE = 8;
/** Browsers draw no element higher than some 33 million pixels. */
const TALLEST = 30_000_000;

/** Which rows to draw, and where. */
export interface Window {
  /** Places of the first row and of the one after the last. */
  from: number;
  to: number;
  /** Height of the whole list. */
  height: number;
  /** Where the row `from` begins. */
  top: number;
}

/**
 * The part of a long list that is seen, with some rows around it. A list that is too long for a page is squeezed: the scroll bar then
 * stands for more rows than it has pixels.
 */
export function windowOf(count: number, scrollTop: number, viewHeight: number): Window {
  const full = count * ROW_HEIGHT;
  const height = Math.min(full, TALLEST);
  const scrollable = Math.max(1, height - viewHeight);
  const share = Math.min(1, Math.max(0, scrollTop / scrollable));
  // Where the list would be scrolled to at its full height.
  const at = full === height ? Math.min(scrollTop, scrollable) : share * (full - viewHeight);
  const first = Math.floor(Math.max(0, at) / ROW_HEIGHT);
  const from = Math.max(0, first - SPARE);
  const to = Math.min(count, first + Math.ceil(viewHeight / ROW_HEIGHT) + SPARE + 1);
  return { from, to, height, top: from * ROW_HEIGHT - at + scrollTop };
}

/** How far to scroll so that a row is seen; the same as now where it is seen already. */
export function scrollTo(place: number, count: number, scrollTop: number, viewHeight: number): number {
  const full = count * ROW_HEIGHT;
  const height = Math.min(full, TALLEST);
  const scale = full > height ? (height - viewHeight) / (full - viewHeight) : 1;
  const at = scrollTop / scale;
  const top = place * ROW_HEIGHT;
  if (top < at) return top * scale;
  return top + ROW_HEIGHT > at + viewHeight ? (top + ROW_HEIGHT - viewHeight) * scale : scrollTop;
}
