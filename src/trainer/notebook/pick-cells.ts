import { cellName, documentsOf } from '../../language/notebook/cell-documents.ts';
import type { NotebookCell } from '../../language/notebook/notebook.ts';
import { nearest } from '../../language/nearest.ts';
import type { TuneFile } from '../../language/tree.ts';
import { TunebookError } from '../../protocol/error.ts';

/**
 * The cells that shall be run: all, or the one that holds the document `NAME` or `KIND:NAME`.
 * @throws TunebookError `notebook/no-cells`, `notebook/no-such-cell`, `notebook/ambiguous-cell`
 */
export function pickCells(file: TuneFile, asked: string | undefined): readonly NotebookCell[] {
  const cells = file.notebook?.cells ?? [];
  const location = { file: file.path };
  if (cells.length === 0) {
    throw new TunebookError('notebook/no-cells', `${file.path} has no cells.`, {
      hint: 'A cell is a fence that begins with ```yaml tune at the left margin.',
      location,
    });
  }
  if (asked === undefined) return cells;
  const found = cells.filter((cell) =>
    documentsOf(file, cell).some(
      ({ kind, name }) => name !== undefined && (asked === name || asked === `${kind}:${name}`),
    ),
  );
  const [only] = found;
  if (only && found.length === 1) return [only];
  if (only) {
    const kinds = found.flatMap((cell) =>
      documentsOf(file, cell).flatMap(({ kind, name }) => (name === asked ? [`${kind}:${name}`] : [])),
    );
    throw new TunebookError(
      'notebook/ambiguous-cell',
      `${found.length} cells hold a document called ${asked}.`,
      {
        hint: `Say which: ${kinds.map((each) => `--cell ${each}`).join(' or ')}.`,
        location,
      },
    );
  }
  const names = cells.map((cell) => cellName(file, cell));
  const near = nearest(asked, names);
  throw new TunebookError(
    'notebook/no-such-cell',
    `No cell of ${file.path} holds a document called ${asked}.`,
    {
      hint: near === undefined ? `There are ${names.join(', ')}.` : `Did you mean ${near}?`,
      location,
    },
  );
}
