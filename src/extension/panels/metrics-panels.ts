import * as vscode from 'vscode';
import type { MetricsPanelState } from '../../protocol/webview.ts';
import type { RunStore } from '../runs/run-store.ts';
import { shownRuns } from '../runs/shown-runs.ts';
import type { RunReference } from './feed.ts';
import { MetricsPanel } from './metrics-panel.ts';
import { INITIAL_STATE, readPanelState } from './panel-state.ts';

/** The type of the panel: `onWebviewPanel:tunebook.metrics` wakes the extension to restore one. */
export const METRICS_VIEW_TYPE = 'tunebook.metrics';

/** All metrics panels of the window: opens them, finds one that is open already, and restores them after a reload. */
export class MetricsPanels implements vscode.Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #store: RunStore;
  /** The one that was seen last is the last. */
  readonly #panels = new Set<MetricsPanel>();
  readonly #serializer: vscode.Disposable;

  constructor(context: vscode.ExtensionContext, store: RunStore) {
    this.#context = context;
    this.#store = store;
    this.#serializer = vscode.window.registerWebviewPanelSerializer(METRICS_VIEW_TYPE, {
      deserializeWebviewPanel: async (panel: vscode.WebviewPanel, state: unknown) => {
        this.#adopt(panel, readPanelState(state));
      },
    });
  }

  /**
   * Shows runs together in one panel: the one that shows just these, or a new one.
   * @param beside beside what the person is at, which keeps the focus; else in its place, with the focus
   */
  show(runIds: readonly string[], beside: boolean): void {
    const open = [...this.#panels].find((panel) => panel.runIds.join('\n') === runIds.join('\n'));
    if (open) return open.panel.reveal(undefined, beside);
    this.#open(runIds, beside ? this.#columnBeside() : vscode.ViewColumn.Active, beside);
  }

  /**
   * Adds runs to the panel that a group of editors showed last; opens one there where it has none.
   * @param column the group; undefined for the active one
   */
  add(runIds: readonly string[], column = vscode.ViewColumn.Active): void {
    if (runIds.length === 0) return;
    const ids = runIds.flatMap((id) => shownRuns(this.#store.runs, id));
    const there = [...this.#panels].findLast(({ panel }) => panel.viewColumn === column);
    if (!there) return this.#open(ids, column, false);
    there.add(this.#referencesTo(ids));
    there.panel.reveal(column);
  }

  dispose(): void {
    this.#serializer.dispose();
    for (const panel of this.#panels) panel.dispose();
  }

  #open(runIds: readonly string[], viewColumn: vscode.ViewColumn, preserveFocus: boolean): void {
    const panel = vscode.window.createWebviewPanel(
      METRICS_VIEW_TYPE,
      'Metrics',
      { viewColumn, preserveFocus },
      { enableFindWidget: true },
    );
    this.#adopt(panel, { ...INITIAL_STATE, runs: this.#referencesTo(runIds) });
  }

  #referencesTo(runIds: readonly string[]): RunReference[] {
    return runIds.map((id) => {
      const dir = this.#store.get(id)?.dir;
      return { id, ...(dir === undefined ? {} : { dir }) };
    });
  }

  #adopt(panel: vscode.WebviewPanel, state: MetricsPanelState): void {
    const metrics = new MetricsPanel(panel, this.#context, this.#store, state);
    this.#panels.add(metrics);
    panel.onDidChangeViewState(() => panel.visible && this.#isSeen(metrics));
    panel.onDidDispose(() => this.#panels.delete(metrics));
  }

  #isSeen(metrics: MetricsPanel): void {
    this.#panels.delete(metrics);
    this.#panels.add(metrics);
  }

  /** Where metrics are shown already, so that each run does not split the window once more. */
  #columnBeside(): vscode.ViewColumn {
    const shown = [...this.#panels].find(({ panel }) => panel.visible && panel.viewColumn !== undefined);
    return shown?.panel.viewColumn ?? vscode.ViewColumn.Beside;
  }
}
