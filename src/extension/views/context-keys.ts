import * as vscode from 'vscode';
import type { RunStore } from '../runs/run-store.ts';

const CONFIGS = '**/*.tune.{yaml,yml}';
const EXCLUDE = '**/{node_modules,.tunebook,.venv}/**';

/**
 * Keeps the context keys that menus and welcome views depend on: whether there are runs, live ones, and configs. The
 * folder is searched for configs only once the view is seen.
 */
export function trackContext(store: RunStore, tree: vscode.TreeView<string>): vscode.Disposable {
  const known = new Map<string, boolean>();
  const set = (key: string, value: boolean) => {
    if (known.get(key) === value) return;
    known.set(key, value);
    void vscode.commands.executeCommand('setContext', `tunebook.${key}`, value);
  };
  const look = async () => {
    if (!tree.visible) return;
    await Promise.all([store.refresh(), findConfigs().then((found) => set('hasConfigs', found))]);
    set('ready', true);
  };
  const update = () => {
    set('hasRuns', store.runs.length > 0);
    set('hasLiveRuns', store.live.length > 0);
  };
  void look();
  return vscode.Disposable.from(
    { dispose: store.onDidChange(update) },
    tree.onDidChangeVisibility(() => void look()),
    vscode.workspace.onDidCreateFiles(() => void look()),
    vscode.workspace.onDidDeleteFiles(() => void look()),
    vscode.workspace.onDidSaveTextDocument((document) => void (document.languageId === 'tune' && look())),
    vscode.workspace.onDidChangeWorkspaceFolders(() => void look()),
  );
}

async function findConfigs(): Promise<boolean> {
  return (await vscode.workspace.findFiles(CONFIGS, EXCLUDE, 1)).length > 0;
}

/** Every config of the open folders. */
export async function allConfigs(): Promise<vscode.Uri[]> {
  const found = await vscode.workspace.findFiles(CONFIGS, EXCLUDE, 500);
  return found.sort((a, b) => a.path.localeCompare(b.path));
}
