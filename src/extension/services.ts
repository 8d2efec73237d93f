import * as vscode from 'vscode';
import type { PlaygroundSource } from '../protocol/playground.ts';
import type { RunsView } from './views/runs-view.ts';
import type { Language } from './language/language.ts';
import type { PromptsView } from './language/prompts-view.ts';
import type { PlanDocuments } from './plan/plan-documents.ts';
import type { RunStore } from './runs/run-store.ts';

/** What the commands and views work with; made once, when the extension is activated. */
export interface Services {
  context: vscode.ExtensionContext;
  store: RunStore;
  runsView: RunsView;
  /** What is selected in the Runs view. */
  selection: () => readonly string[];
  language: Language;
  plans: PlanDocuments;
  prompts: PromptsView;
  /** Shows a run's metrics; loaded when it is first needed. */
  showMetrics(runIds: readonly string[], beside: boolean): void;
  /** Shows the rows of an evaluation, and one of them where one is named. */
  showComparison(runId: string, row?: number): void;
  /** Opens a playground with candidates. */
  showPlayground(workspace: string, sources: PlaygroundSource[]): void;
}

/** The folders on disk of this window. */
export function workspaceFolders(): string[] {
  return (vscode.workspace.workspaceFolders ?? [])
    .filter((folder) => folder.uri.scheme === 'file')
    .map((folder) => folder.uri.fsPath);
}
