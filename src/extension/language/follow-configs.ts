import * as vscode from 'vscode';

/** How long the keyboard must be still before a view follows. */
const STILL_MS = 150;

/** Tells of the open documents of a scheme, views of configs, a moment after any config was edited or saved: it may be inherited from. */
export function followConfigs(scheme: string, onChange: (view: vscode.Uri) => void): vscode.Disposable {
  let timer: NodeJS.Timeout | undefined;
  const follow = ({ languageId, uri }: vscode.TextDocument) => {
    if (languageId !== 'tune' || uri.scheme === scheme) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      for (const view of vscode.workspace.textDocuments) if (view.uri.scheme === scheme) onChange(view.uri);
    }, STILL_MS);
  };
  return vscode.Disposable.from(
    vscode.workspace.onDidChangeTextDocument(({ document }) => follow(document)),
    vscode.workspace.onDidSaveTextDocument(follow),
    { dispose: () => clearTimeout(timer) },
  );
}
