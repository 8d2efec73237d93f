import * as vscode from 'vscode';
import { findRunnables, type Runnable } from '../runs/runnable.ts';

const TITLES = { run: '$(play) Run', evaluate: '$(beaker) Evaluate', sweep: '$(play) Run Sweep' } as const;
const COMMANDS = {
  run: 'tunebook.runConfig',
  evaluate: 'tunebook.evaluateConfig',
  sweep: 'tunebook.runConfig',
} as const;

/** `Run` over each `run:` and `sweep:`, and `Evaluate` over each `evaluate:`; none where nothing may be run. */
export const runLenses: vscode.CodeLensProvider = {
  provideCodeLenses(document) {
    if (!vscode.workspace.isTrusted) return [];
    return findRunnables(document.getText()).map((runnable) => lens(document.uri, runnable));
  },
};

function lens(uri: vscode.Uri, { kind, name, line }: Runnable): vscode.CodeLens {
  return new vscode.CodeLens(new vscode.Range(line, 0, line, kind.length), {
    title: TITLES[kind],
    tooltip: kind === 'evaluate' ? `Evaluate ${name}` : `Train ${name}`,
    command: COMMANDS[kind],
    arguments: [uri, name],
  });
}
