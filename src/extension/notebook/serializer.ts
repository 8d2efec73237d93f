import * as vscode from 'vscode';
import { RESULT_MIME, type CellMetadata, type CellResultData, type NotebookMetadata } from './cell-data.ts';
import { fromCells, toCells, type PlainCell } from './to-cells.ts';

/** Reads `*.tunebook.md` into cells and writes them back; what nobody changed stays as it is, to the byte. */
export const serializer: vscode.NotebookSerializer = {
  deserializeNotebook(content) {
    const { head, cells } = toCells(decode(content));
    const data = new vscode.NotebookData(cells.map(toData));
    data.metadata = { head } satisfies NotebookMetadata;
    return data;
  },

  serializeNotebook({ cells, metadata }) {
    // SAFETY: deserializeNotebook has written it; a notebook that was made otherwise has none.
    const { head = '' } = (metadata ?? {}) as NotebookMetadata;
    return new TextEncoder().encode(fromCells(head, cells.map(fromData)));
  },
};

function decode(content: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch (cause) {
    throw new Error(
      'This notebook is not UTF-8, and saving it would destroy what it holds. Save it as UTF-8 first.',
      { cause },
    );
  }
}

function toData({ kind, text, source, result }: PlainCell): vscode.NotebookCellData {
  const prose = kind === 'prose';
  const type = prose ? vscode.NotebookCellKind.Markup : vscode.NotebookCellKind.Code;
  const data = new vscode.NotebookCellData(type, text, prose ? 'markdown' : 'tune');
  data.metadata = { ...(source && { source }) } satisfies CellMetadata;
  if (result) data.outputs = [resultOutput(result)];
  return data;
}

function fromData({ kind, value, metadata, outputs = [] }: vscode.NotebookCellData): PlainCell {
  const source = sourceOf(metadata);
  const result = outputs.map(resultOf).find((each) => each !== undefined);
  return {
    kind: kind === vscode.NotebookCellKind.Markup ? 'prose' : 'cell',
    text: value,
    ...(source && { source }),
    ...(result && { result }),
  };
}

/** What a cell was read from; `undefined` for one that was added. */
export function sourceOf(metadata: vscode.NotebookCellData['metadata']): CellMetadata['source'] {
  // SAFETY: only toData writes metadata of cells.
  return ((metadata ?? {}) as CellMetadata).source;
}

/** A result as an output: ours, and beside it what anybody can show. */
export function resultOutput(result: CellResultData): vscode.NotebookCellOutput {
  return new vscode.NotebookCellOutput([
    vscode.NotebookCellOutputItem.json(result, RESULT_MIME),
    vscode.NotebookCellOutputItem.text(result.markdown, 'text/markdown'),
    vscode.NotebookCellOutputItem.text(result.markdown, 'text/plain'),
  ]);
}

/** The result that an output holds. */
export function resultOf({ items }: vscode.NotebookCellOutput): CellResultData | undefined {
  const item = items.find(({ mime }) => mime === RESULT_MIME);
  // SAFETY: only resultOutput makes outputs of this type.
  return item && (JSON.parse(new TextDecoder().decode(item.data)) as CellResultData);
}
