import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import * as vscode from 'vscode';
import type {
  FromMetricsPanel,
  MetricsCommand,
  MetricsPanelState,
  MetricsUpdate,
  ToMetricsPanel,
} from '../../protocol/webview.ts';
import { showError } from '../errors.ts';
import type { RunStore } from '../runs/run-store.ts';
import { MetricsFeed, type RunReference } from './feed.ts';
import { metricsHtml } from './metrics-html.ts';
import { pickRuns } from './pick-runs.ts';
import { Pump } from './pump.ts';
import { saveExport } from './save-export.ts';

const COMMANDS: Record<Exclude<MetricsCommand, 'remove' | 'addParent'>, string> = {
  stop: 'tunebook.stopRun',
  openFolder: 'tunebook.openRunFolder',
  showLog: 'tunebook.showLog',
  openComparison: 'tunebook.openComparison',
  pin: 'tunebook.pinRun',
  unpin: 'tunebook.unpinRun',
};

/**
 * One metrics panel. It reads while it is seen and some run of it goes on; hidden it does nothing, and its page is gone: shown
 * again, the page says `ready` and gets everything.
 */
export class MetricsPanel {
  readonly panel: vscode.WebviewPanel;
  readonly #store: RunStore;
  readonly #feed: MetricsFeed;
  readonly #pump: Pump;
  readonly #disposables: vscode.Disposable[] = [];

  constructor(
    panel: vscode.WebviewPanel,
    { extensionUri }: vscode.ExtensionContext,
    store: RunStore,
    state: MetricsPanelState,
  ) {
    this.panel = panel;
    this.#store = store;
    this.#feed = new MetricsFeed((id) => ({ dir: store.get(id)?.dir, searching: !store.loaded }));
    this.#feed.setRuns(state.runs);
    this.#pump = new Pump(this.#feed, (update) => this.#send(update));
    const dist = vscode.Uri.joinPath(extensionUri, 'dist');
    const script = panel.webview.asWebviewUri(vscode.Uri.joinPath(dist, 'metrics.webview.js'));
    this.#disposables.push(
      panel.webview.onDidReceiveMessage((message: FromMetricsPanel) => void this.#receive(message)),
      panel.onDidChangeViewState(() => !panel.visible && this.#pump.stop()),
      panel.onDidDispose(() => this.dispose()),
      { dispose: store.onDidChange(() => this.#pump.wake()) },
    );
    panel.iconPath = {
      light: vscode.Uri.joinPath(extensionUri, 'media/tune-light.svg'),
      dark: vscode.Uri.joinPath(extensionUri, 'media/tune-dark.svg'),
    };
    panel.webview.options = { enableScripts: true, localResourceRoots: [dist] };
    panel.webview.html = metricsHtml(script.toString(), randomBytes(16).toString('base64url'), state);
    this.#nameIt();
  }

  /** The ids of the runs that it shows, in its order. */
  get runIds(): string[] {
    return this.#feed.runs.map(({ id }) => id);
  }

  /** Shows more runs, behind those that it shows. */
  add(runs: readonly RunReference[]): void {
    const shown = new Set(this.runIds);
    this.#feed.setRuns([...this.#feed.runs, ...runs.filter(({ id }) => !shown.has(id))]);
    this.#nameIt();
    this.#pump.wake();
  }

  /** Ends its timer and its listeners. The panel itself stays: a window that is reloaded finds it again. */
  dispose(): void {
    this.#pump.stop();
    this.#feed.close();
    for (const disposable of this.#disposables) disposable.dispose();
  }

  async #receive(message: FromMetricsPanel): Promise<void> {
    try {
      switch (message.type) {
        case 'ready':
          this.#feed.resend();
          this.#feed.setView(message.view);
          if (this.panel.visible) this.#pump.start();
          break;
        case 'view':
          this.#feed.setView(message.view);
          break;
        case 'command':
          await this.#command(message.command, message.runId);
          break;
        case 'compare':
          await this.#compare();
          break;
        case 'exportCsv':
          await this.#exportCsv();
          break;
        case 'exportPicture':
          await this.#exportPicture(message);
          break;
      }
    } catch (error) {
      await showError(error);
    }
    this.#pump.wakeNow();
  }

  async #command(command: MetricsCommand, runId: string): Promise<void> {
    if (command === 'remove') return this.#feed.setRuns(this.#feed.runs.filter(({ id }) => id !== runId));
    if (command === 'addParent') return this.#feed.addParent(runId);
    const dir = this.#feed.runs.find(({ id }) => id === runId)?.dir;
    // After a reload the store knows only the open folders; the run may lie elsewhere.
    if (dir !== undefined && !this.#store.get(runId))
      await this.#store.addWorkspace(resolve(dir, '../../..'));
    await vscode.commands.executeCommand(COMMANDS[command], runId);
  }

  async #compare(): Promise<void> {
    const picked = await pickRuns(this.#store, this.runIds);
    if (picked) this.#feed.setRuns(picked.map(({ id, dir }) => ({ id, dir })));
  }

  #exportCsv(): Promise<void> {
    const bytes = () => Buffer.from(this.#feed.csv());
    const [name = 'metrics'] = this.#feed.names;
    return saveExport({ title: 'Export All Numbers', name, formats: { csv: { format: 'CSV', bytes } } });
  }

  #exportPicture({ name, png, svg }: Extract<FromMetricsPanel, { type: 'exportPicture' }>): Promise<void> {
    const [run = 'metrics'] = this.#feed.names;
    return saveExport({
      title: 'Export Charts',
      // Names of metrics may hold what names of files may not: `rewards/chosen`.
      name: `${run}-${name.replaceAll(/[^\w.-]/g, '-')}`,
      formats: {
        png: { format: 'PNG picture', bytes: () => png },
        svg: { format: 'SVG drawing', bytes: () => Buffer.from(svg) },
      },
    });
  }

  #send(update: MetricsUpdate): void {
    if (update.runs) this.#nameIt();
    void this.panel.webview.postMessage({ type: 'update', ...update } satisfies ToMetricsPanel);
  }

  #nameIt(): void {
    const [first, ...others] = this.#feed.names;
    const more = others.length > 1 ? `${first} and ${others.length} more` : [first, ...others].join(', ');
    const title = `${first === undefined ? 'No runs' : more} — metrics`;
    if (this.panel.title !== title) this.panel.title = title;
  }
}
