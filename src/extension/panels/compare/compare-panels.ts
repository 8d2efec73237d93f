import * as vscode from 'vscode';
import type { ComparePanelState } from '../../../protocol/compare.ts';
import { runTitle } from '../../../protocol/describe-run.ts';
import { TunebookError } from '../../../protocol/error.ts';
import { showError } from '../../errors.ts';
import type { RunStore } from '../../runs/run-store.ts';
import { ComparePanel } from './compare-panel.ts';
import { INITIAL_QUERY, readCompareState } from './compare-state.ts';
import { readLink } from './link.ts';

/** The type of the panel: `onWebviewPanel:tunebook.compare` wakes the extension to restore one. */
export const COMPARE_VIEW_TYPE = 'tunebook.compare';

/** All comparison panels of the window: opens them, finds one that is open already, restores them, and follows links to rows. */
export class ComparePanels implements vscode.Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #store: RunStore;
  readonly #panels = new Set<ComparePanel>();
  readonly #disposables: vscode.Disposable[];

  constructor(context: vscode.ExtensionContext, store: RunStore) {
    this.#context = context;
    this.#store = store;
    this.#disposables = [
      vscode.window.registerWebviewPanelSerializer(COMPARE_VIEW_TYPE, {
        deserializeWebviewPanel: async (panel: vscode.WebviewPanel, state: unknown) =>
          this.#restore(panel, readCompareState(state)),
      }),
      vscode.window.registerUriHandler({
        handleUri: async ({ path, query }) => {
          const link = readLink(path, query);
          if (!link) return;
          await this.#find(link.runId)
            .then(() => this.show(link.runId, link.row))
            .catch(showError);
        },
      }),
    ];
  }

  /**
   * Shows an evaluation, and one row of it where one is named.
   * @throws TunebookError `run/none` when it is not in the open folders, `votes/damaged`
   */
  show(runId: string, row?: number): void {
    let compare = [...this.#panels].find((open) => open.runId === runId);
    if (compare) compare.panel.reveal();
    else {
      const run = this.#store.get(runId);
      if (!run) throw missing(runId);
      const panel = vscode.window.createWebviewPanel(
        COMPARE_VIEW_TYPE,
        'Comparison',
        { viewColumn: vscode.ViewColumn.Active },
        { enableFindWidget: true },
      );
      compare = this.#adopt(panel, { runId, dir: run.dir, query: { ...INITIAL_QUERY } }, run.dir);
    }
    if (row !== undefined) compare.show(row);
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
    for (const panel of this.#panels) panel.dispose();
  }

  async #restore(panel: vscode.WebviewPanel, state: ComparePanelState | undefined): Promise<void> {
    const dir = state?.dir ?? (state && (await this.#find(state.runId).catch(() => undefined))?.dir);
    if (!state || dir === undefined) {
      panel.dispose();
      if (state) await showError(missing(state.runId));
      return;
    }
    this.#adopt(panel, { ...state, dir }, dir);
  }

  async #find(runId: string): Promise<{ dir: string }> {
    if (!this.#store.get(runId)) await this.#store.refresh();
    const run = this.#store.get(runId);
    if (!run) throw missing(runId);
    return run;
  }

  #adopt(panel: vscode.WebviewPanel, state: ComparePanelState, dir: string): ComparePanel {
    const run = this.#store.get(state.runId);
    const name = run ? runTitle(run) : state.runId.replace(/^\d{8}T\d{6}Z-|-[0-9a-f]{4}$/g, '');
    try {
      const compare = new ComparePanel(panel, this.#context, { dir, name, state });
      this.#panels.add(compare);
      panel.onDidDispose(() => this.#panels.delete(compare));
      return compare;
    } catch (error) {
      panel.dispose();
      throw error;
    }
  }
}

function missing(runId: string): TunebookError {
  return new TunebookError('run/none', `The evaluation ${runId} is not in the open folders.`, {
    hint: 'It was deleted, or the folder that it lies in is not open.',
  });
}
