import * as vscode from 'vscode';
import { runsAmong } from '../views/runs-view.ts';

/** The editor that runs are opened with that are dropped on the editors (package.json says so of its scheme's file name). */
const VIEW_TYPE = 'tunebook.droppedRuns';
const SCHEME = 'tunebook-runs';

/**
 * Lets runs be dragged from the Runs view onto the editors. VS Code gives a webview no drop without Shift, but opens a URI that comes
 * from a tree; so runs are dragged as a URI of ours, see {@link receiveRuns}.
 */
export const RUNS_DRAG: vscode.TreeDragAndDropController<string> = {
  dragMimeTypes: ['text/uri-list'],
  dropMimeTypes: [],
  handleDrag(elements, dataTransfer) {
    const ids = runsAmong(elements);
    if (ids.length === 0) return;
    const uri = vscode.Uri.from({ scheme: SCHEME, path: '/runs.tunebook-runs', query: JSON.stringify(ids) });
    dataTransfer.set('text/uri-list', new vscode.DataTransferItem(uri.toString()));
  },
};

/**
 * Hands on runs that were dropped on the editors: the editor that VS Code opens for their URI closes at once.
 * @param take gets the ids of the runs and the group that they were dropped on
 */
export function receiveRuns(
  take: (ids: readonly string[], column: vscode.ViewColumn | undefined) => void,
): vscode.Disposable {
  return vscode.window.registerCustomEditorProvider(VIEW_TYPE, {
    openCustomDocument: (uri: vscode.Uri) => ({ uri, dispose: () => undefined }),
    resolveCustomEditor({ uri }: vscode.CustomDocument, panel: vscode.WebviewPanel) {
      const { viewColumn } = panel;
      // VS Code is still opening it.
      setImmediate(() => {
        take(idsOf(uri), viewColumn);
        panel.dispose();
      });
    },
  });
}

/** None where the URI is not one that {@link RUNS_DRAG} made: anybody can open a file with the ending of our editor. */
function idsOf({ scheme, query }: vscode.Uri): string[] {
  if (scheme !== SCHEME) return [];
  try {
    const ids: unknown = JSON.parse(query);
    return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}
