import { newlineOf } from './edit.ts';
import { kindFirst } from './formatting/kind-first.ts';
import { minimalEdit } from './formatting/minimal-edit.ts';
import { isSameContent } from './formatting/same-content.ts';
import type { Notebook } from './notebook/notebook.ts';
import { parse } from './parse.ts';
import type { TextEdit, TuneFile } from './tree.ts';

export interface FormatOptions {
  /** Columns of one level of indentation. */
  tabSize?: number;
}

/** Brackets that fit into a line of this width stay on it. */
const PRINT_WIDTH = 100;

/** A layout that needs more passes than this to come to rest is left alone. */
const MAX_PASSES = 3;

/**
 * Lays a config out: the field that says what a document is comes first, indentation and spaces are even, and comments,
 * anchors and single blank lines stay. Formatting twice changes nothing. A file that is broken, or that could not be laid
 * out without changing what it holds, is left as it is: no edits. Never throws.
 */
export async function formatFile(file: TuneFile, { tabSize = 2 }: FormatOptions = {}): Promise<TextEdit[]> {
  if (file.notebook) return await formatCells(file, file.notebook, { tabSize });
  if (file.syntax.length > 0 || file.documents.length === 0) return [];
  const formatted = await layOut(file, Math.min(8, Math.max(1, Math.trunc(tabSize))));
  if (formatted === undefined || formatted === file.text || !isSameContent(file, formatted)) return [];
  return minimalEdit(file.text, formatted);
}

/** Lays each cell of a notebook out as a config of its own; prose and results stay as they are. */
async function formatCells(file: TuneFile, { cells }: Notebook, options: FormatOptions): Promise<TextEdit[]> {
  const edits = cells.map(async ({ content }) => {
    const text = file.text.slice(content.start, content.end);
    const found = await formatFile(parse(`${file.path}.tune.yaml`, text), options);
    return found.map(({ start, end, newText }) => ({
      start: content.start + start,
      end: content.start + end,
      newText,
    }));
  });
  return (await Promise.all(edits)).flat();
}

/** The text that another pass leaves as it is; `undefined` where there is none, or the printer does not understand it. */
async function layOut(file: TuneFile, tabWidth: number): Promise<string | undefined> {
  let text = file.text;
  for (let pass = 0; pass <= MAX_PASSES; pass++) {
    const next = await print(
      kindFirst(pass === 0 ? file : parse(file.path, text)),
      newlineOf(file),
      tabWidth,
    );
    if (next === text || next === undefined) return next;
    text = next;
  }
  return undefined;
}

async function print(text: string, newline: string, tabWidth: number): Promise<string | undefined> {
  // The printer is large, and most files are never formatted.
  const [{ format }, yaml] = await Promise.all([
    import('prettier/standalone'),
    import('prettier/plugins/yaml'),
  ]);
  const endOfLine = newline === '\r\n' ? 'crlf' : 'lf';
  try {
    return await format(text, {
      parser: 'yaml',
      plugins: [yaml],
      printWidth: PRINT_WIDTH,
      tabWidth,
      endOfLine,
    });
  } catch {
    // What the printer cannot read is left as it is; what is no YAML is told as a problem of its own.
    return undefined;
  }
}
