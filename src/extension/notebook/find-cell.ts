import * as vscode from 'vscode';
import { NOTEBOOK_TYPE } from './controller.ts';

/** The cell of one of our notebooks whose text a document is. */
export function cellOf(document: vscode.TextDocument): vscode.NotebookCell | undefined {
  if (document.uri.scheme !== 'vscode-notebook-cell') return undefined;
  return vscode.workspace.notebookDocuments
    .filter(({ notebookType }) => notebookType === NOTEBOOK_TYPE)
    .flatMap((notebook) => notebook.getCells())
    .find((cell) => cell.document === document);
}

/** The cell that is selected in the notebook that has the focus, whether its text has it or not. */
export function selectedCell(): vscode.NotebookCell | undefined {
  const editor = vscode.window.activeNotebookEditor;
  const { notebook, selection } = editor ?? {};
  if (notebook?.notebookType !== NOTEBOOK_TYPE || !selection || selection.start >= notebook.cellCount)
    return undefined;
  return notebook.cellAt(selection.start);
}
