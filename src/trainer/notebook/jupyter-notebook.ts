import { decodePath } from './decode-path.ts';
import { readMark } from '../../language/notebook/output-mark.ts';
import { readPieces, type CellPiece } from '../../language/notebook/pieces.ts';

/** A notebook in Jupyter's format, version 4.5 (https://nbformat.readthedocs.io/en/latest/format_description.html). */
export interface JupyterNotebook {
  nbformat: 4;
  nbformat_minor: 5;
  metadata: { language_info: { name: string; file_extension: string; mimetype: string } };
  cells: JupyterCell[];
}

export type JupyterCell =
  | { cell_type: 'markdown'; id: string; metadata: object; source: string[] }
  | {
      cell_type: 'code';
      id: string;
      metadata: { tunebook: { runs: readonly string[]; inputs?: string } };
      execution_count: null;
      source: string[];
      outputs: { output_type: 'display_data'; metadata: object; data: Record<string, string[]> }[];
    };

/**
 * A notebook as a Jupyter one: prose, cells, and results as Markdown and plain text. It has no kernel: it is for reading.
 * @param picture the content of a picture that a result names by a relative path, as a data URI
 */
export function jupyterNotebook(
  text: string,
  picture: (path: string) => string | undefined,
): JupyterNotebook {
  const { pieces } = readPieces(text);
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { language_info: { name: 'yaml', file_extension: '.yaml', mimetype: 'text/x-yaml' } },
    cells: pieces.map((piece, index): JupyterCell => {
      const id = `cell-${index + 1}`;
      if (piece.kind === 'cell') return codeCell(piece, id, picture);
      return { cell_type: 'markdown', id, metadata: {}, source: lines(piece.text) };
    }),
  };
}

function codeCell(
  { text, output }: CellPiece,
  id: string,
  picture: (path: string) => string | undefined,
): JupyterCell {
  const parts = output.split(/\r\n|\r|\n/);
  const mark = readMark(parts[0] ?? '');
  const end = parts.findLastIndex((line) => readMark(line)?.type === 'end');
  const source = lines(text);
  if (mark?.type !== 'begin') {
    return {
      cell_type: 'code',
      id,
      metadata: { tunebook: { runs: [] } },
      execution_count: null,
      source,
      outputs: [],
    };
  }
  const { runs, inputs } = mark.attributes;
  const markdown = parts.slice(1, end).join('\n').trim();
  const shown = markdown.replace(
    /(!\[[^\]\n]*\]\()([^)\s]+)(\))/g,
    (whole, before: string, path: string, after: string) => {
      const data = picture(decodePath(path));
      return data === undefined ? whole : `${before}${data}${after}`;
    },
  );
  return {
    cell_type: 'code',
    id,
    metadata: { tunebook: { runs, ...(inputs !== undefined && { inputs }) } },
    execution_count: null,
    source,
    outputs: [
      {
        output_type: 'display_data',
        metadata: {},
        data: { 'text/markdown': lines(shown), 'text/plain': lines(markdown) },
      },
    ],
  };
}

/** A text as Jupyter stores it: a list of lines with their ends. */
function lines(text: string): string[] {
  return text.replace(/\r\n|\r/g, '\n').match(/[^\n]*\n|[^\n]+/g) ?? [];
}
