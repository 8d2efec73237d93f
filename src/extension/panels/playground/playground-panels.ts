import * as vscode from 'vscode';
import type { PlaygroundSource, PlaygroundState } from '../../../protocol/playground.ts';
import { PlaygroundPanel } from './playground-panel.ts';
import { initialState, readPlaygroundState } from './playground-state.ts';

/** The type of the panel: `onWebviewPanel:tunebook.playground` wakes the extension to restore one. */
export const PLAYGROUND_VIEW_TYPE = 'tunebook.playground';

/** All playgrounds of the window: opens and restores them. */
export class PlaygroundPanels implements vscode.Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #pick: () => Promise<PlaygroundSource[]>;
  readonly #panels = new Set<PlaygroundPanel>();
  readonly #serializer: vscode.Disposable;

  #log: vscode.LogOutputChannel | undefined;

  /** @param pick asks the person for candidates */
  constructor(context: vscode.ExtensionContext, pick: () => Promise<PlaygroundSource[]>) {
    this.#context = context;
    this.#pick = pick;
    this.#serializer = vscode.window.registerWebviewPanelSerializer(PLAYGROUND_VIEW_TYPE, {
      deserializeWebviewPanel: (panel: vscode.WebviewPanel, state: unknown) => {
        const kept = readPlaygroundState(state);
        if (kept) this.#adopt(panel, kept);
        else panel.dispose();
        return Promise.resolve();
      },
    });
  }

  /** Opens a playground with candidates. */
  show(workspace: string, sources: PlaygroundSource[]): void {
    const panel = vscode.window.createWebviewPanel(
      PLAYGROUND_VIEW_TYPE,
      'Playground',
      { viewColumn: vscode.ViewColumn.Active },
      { enableFindWidget: true },
    );
    this.#adopt(panel, initialState(workspace, sources));
  }

  dispose(): void {
    this.#serializer.dispose();
    this.#log?.dispose();
    for (const panel of this.#panels) panel.dispose();
  }

  #adopt(panel: vscode.WebviewPanel, state: PlaygroundState): void {
    const log = (message: string) => {
      this.#log ??= vscode.window.createOutputChannel('Tunebook Playground', { log: true });
      this.#log.error(message);
    };
    const playground = new PlaygroundPanel(panel, { context: this.#context, state, pick: this.#pick, log });
    this.#panels.add(playground);
    panel.onDidDispose(() => this.#panels.delete(playground));
  }
}
