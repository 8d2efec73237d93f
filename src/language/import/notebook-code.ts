import { TunebookError } from '../../protocol/error.ts';

/** Files that are Jupyter notebooks. */
export const NOTEBOOK_FILES = /\.ipynb$/;

/** Files that hold a program in Python. */
export const SCRIPT_FILES = /\.(py|ipynb)$/;

/** What a script or a notebook has its tool do; of a notebook with what IPython does itself. */
export function codeOf(text: string, file: string): string {
  return NOTEBOOK_FILES.test(file) ? notebookCode(text, file) : text;
}

/**
 * The Python of a Jupyter notebook (nbformat 4), each line of code in the line of the file in which it stands: what is told of a setting
 * then points into the notebook. Code that the file does not hold line by line comes behind what is before it.
 * @throws TunebookError `import/syntax` where it is no notebook
 */
export function notebookCode(text: string, file: string): string {
  const written = text.split('\n').map(stringIn);
  const code: string[] = [];
  let from = 0;
  for (const line of cellsOf(text, file).flat()) {
    const at = written.indexOf(line, from);
    from = at < 0 ? from : at + 1;
    while (code.length < at) code.push('');
    code.push(line.replace(/\n$/, ''));
  }
  return code.join('\n');
}

/** The same without what IPython does itself: lines that begin with `!` or `%`. */
export function withoutMagics(code: string): string {
  return code.replace(/^([ \t]*)[!%].*$/gm, '$1pass');
}

/** The text of a line that holds nothing but a JSON string. */
function stringIn(line: string): string | undefined {
  const trimmed = line.trim().replace(/,$/, '');
  if (!trimmed.startsWith('"') || !trimmed.endsWith('"')) return undefined;
  try {
    const value: unknown = JSON.parse(trimmed);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The lines of each cell of code, with their ends. Cells of another language (`%%bash`) are left out. */
function cellsOf(text: string, file: string): string[][] {
  const cells = fieldOf(parsed(text, file), 'cells');
  if (!Array.isArray(cells)) throw noNotebook(file, 'it has no cells');
  const code = cells.filter((cell) => fieldOf(cell, 'cell_type') === 'code');
  return code.map((cell) => linesOf(fieldOf(cell, 'source'))).filter(([first]) => !first?.startsWith('%%'));
}

function linesOf(source: unknown): string[] {
  const text = Array.isArray(source) ? source.join('') : typeof source === 'string' ? source : '';
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw noNotebook(file, error instanceof Error ? error.message : String(error));
  }
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)).get(name) : undefined;
}

function noNotebook(file: string, reason: string): TunebookError {
  return new TunebookError('import/syntax', `This is no Jupyter notebook: ${reason}.`, {
    hint: 'Save it again in Jupyter or VS Code, or export it as a Python script.',
    location: { file, line: 1, column: 1 },
  });
}
