/**
 * Where the picture of a run lies, as it is written in the notebook: in a folder beside it that has its name. It is named for the
 * run's document and not for the run, so that a new run changes the file instead of adding one.
 */
export function picturePath(notebook: string, run: string): string {
  const name = notebook.replace(/^.*[\\/]/, '').replace(/\.tunebook\.md$/, '');
  return `${name}.files/${run}-loss.svg`;
}
