/** How many colours there are for lines; after them they begin again, and the number at the end of a line tells it. */
export const COLORS = 8;

/** The CSS colour of a line, made of the theme’s chart colours in `ui.css`. */
export function lineColor(index: number): string {
  return `var(--line-${index % COLORS})`;
}
