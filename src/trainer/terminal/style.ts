/** Words in colour, or as they are where colours are not wanted. */
export interface Style {
  bold: (text: string) => string;
  dim: (text: string) => string;
  red: (text: string) => string;
  yellow: (text: string) => string;
  green: (text: string) => string;
  blue: (text: string) => string;
}

const PLAIN = (text: string) => text;

const paint = (open: number, close: number) => (text: string) => `\u001b[${open}m${text}\u001b[${close}m`;

/** @param colours whether to use them; see {@link wantsColours} */
export function createStyle(colours: boolean): Style {
  if (!colours) return { bold: PLAIN, dim: PLAIN, red: PLAIN, yellow: PLAIN, green: PLAIN, blue: PLAIN };
  return {
    bold: paint(1, 22),
    dim: paint(2, 22),
    red: paint(31, 39),
    yellow: paint(33, 39),
    green: paint(32, 39),
    blue: paint(34, 39),
  };
}

/** Colours are for terminals, and not where NO_COLOR (https://no-color.org) is set or the terminal is a dumb one. */
export function wantsColours(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  return stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}
