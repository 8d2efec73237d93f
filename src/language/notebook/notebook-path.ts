/** Whether a path is that of an experiment notebook: `*.tunebook.md`. */
export function isNotebookPath(path: string): boolean {
  return path.endsWith('.tunebook.md');
}

/** The info string of a fence that is a cell. */
export const CELL_INFO = 'yaml tune';

/** Whether the info string of a fence makes it a cell. */
export function isCellInfo(info: string): boolean {
  return /^yaml[ \t]+tune(?:[ \t]|$)/i.test(info);
}
