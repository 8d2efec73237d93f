import * as vscode from 'vscode';
import type { Services } from '../services.ts';
import { CellStatusBar } from './cell-status-bar.ts';
import { CellStatuses, type AskServer } from './cell-statuses.ts';
import { NOTEBOOK_TYPE, NotebookController } from './controller.ts';
import { ProseProblems } from './prose-problems.ts';
import { RendererFeed } from './renderer-feed.ts';
import { serializer } from './serializer.ts';

/** How long the keyboard must be still before marks of cells are looked at again, in milliseconds. */
const STILL_MS = 400;

/** Makes notebooks work: reads and writes them, runs their cells, marks those that are stale. */
export function startNotebooks(services: Services, ask: AskServer): vscode.Disposable {
  const statuses = new CellStatuses(ask);
  let timer: NodeJS.Timeout | undefined;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => statuses.changed(), STILL_MS);
  };
  return vscode.Disposable.from(
    vscode.workspace.registerNotebookSerializer(NOTEBOOK_TYPE, serializer, { transientOutputs: false }),
    statuses,
    new NotebookController(services, statuses),
    new RendererFeed(services),
    new ProseProblems(),
    vscode.notebooks.registerNotebookCellStatusBarItemProvider(NOTEBOOK_TYPE, new CellStatusBar(statuses)),
    vscode.workspace.onDidChangeNotebookDocument(({ notebook }) => {
      if (notebook.notebookType === NOTEBOOK_TYPE) soon();
    }),
    // A change in the text of a cell is one of its document alone.
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (document.languageId === 'tune') soon();
    }),
    { dispose: () => clearTimeout(timer) },
  );
}
