import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import * as vscode from 'vscode';
import type { ComparePanelState, FromComparePanel, ToComparePanel } from '../../../protocol/compare.ts';
import { TunebookError } from '../../../protocol/error.ts';
import { showError } from '../../errors.ts';
import { compareHtml } from './compare-html.ts';
import { CompareFeed, type HostTask } from './compare-feed.ts';
import { exportRows } from './export-rows.ts';
import { COMPARE_PATH, linkQuery } from './link.ts';
import { makePreferences } from './make-preferences.ts';

/** Reading gives the extension host a turn after this many milliseconds. */
const SLICE = 20;
/** Milliseconds between two looks at an evaluation that goes on. */
const INTERVAL = 1000;

/** One comparison panel. It reads while it is seen and more may come; hidden it does nothing and its page is gone. */
export class ComparePanel {
  readonly panel: vscode.WebviewPanel;
  readonly runId: string;
  readonly #feed: CompareFeed;
  readonly #context: vscode.ExtensionContext;
  readonly #disposables: vscode.Disposable[] = [];
  #ready = false;
  #pumping = false;
  #disposed = false;
  #timer: NodeJS.Timeout | undefined;
  #toShow: number | undefined;

  /** @throws TunebookError `votes/damaged` */
  constructor(
    panel: vscode.WebviewPanel,
    context: vscode.ExtensionContext,
    { dir, name, state }: { dir: string; name: string; state: ComparePanelState },
  ) {
    this.panel = panel;
    this.runId = state.runId;
    this.#context = context;
    this.#feed = new CompareFeed(dir, { runId: state.runId, name, query: state.query });
    const { extensionUri } = context;
    const dist = vscode.Uri.joinPath(extensionUri, 'dist');
    const script = panel.webview.asWebviewUri(vscode.Uri.joinPath(dist, 'compare.webview.js'));
    this.#disposables.push(
      panel.webview.onDidReceiveMessage((message: FromComparePanel) => void this.#receive(message)),
      panel.onDidChangeViewState(() => this.#visibilityChanged()),
      panel.onDidDispose(() => this.dispose()),
    );
    panel.title = `${name} — comparison`;
    panel.iconPath = {
      light: vscode.Uri.joinPath(extensionUri, 'media/tune-light.svg'),
      dark: vscode.Uri.joinPath(extensionUri, 'media/tune-dark.svg'),
    };
    panel.webview.options = { enableScripts: true, localResourceRoots: [dist] };
    panel.webview.html = compareHtml(script.toString(), randomBytes(16).toString('base64url'), state);
  }

  /** Opens a row, now or when the page is there. */
  show(index: number): void {
    this.#toShow = index;
    if (this.#ready) this.#showIt();
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    for (const disposable of this.#disposables) disposable.dispose();
    this.#feed.dispose();
  }

  async #receive(message: FromComparePanel): Promise<void> {
    try {
      const tasks: HostTask[] = [];
      this.#post(this.#feed.receive(message, (task) => tasks.push(task)));
      for (const task of tasks) await this.#do(task);
    } catch (error) {
      await showError(error);
    }
    if (message.type !== 'ready') return;
    this.#ready = true;
    this.#showIt();
    void this.#pump();
  }

  #showIt(): void {
    if (this.#toShow === undefined) return;
    this.#post([{ type: 'show', index: this.#toShow }]);
    this.#toShow = undefined;
  }

  async #do(task: HostTask): Promise<void> {
    switch (task.type) {
      case 'copyLink':
        return this.#copyLink(task.index);
      case 'openSource':
        return this.#openSource(task.index);
      case 'openText':
        return this.#openText(task.index, task.candidate);
      case 'export':
        return exportRows(this.#feed);
      case 'makePreferences':
        return makePreferences(this.#feed);
    }
  }

  async #copyLink(index: number): Promise<void> {
    const uri = vscode.Uri.from({
      scheme: vscode.env.uriScheme,
      authority: this.#context.extension.id,
      path: COMPARE_PATH,
      query: linkQuery({ runId: this.runId, row: index }),
    });
    await vscode.env.clipboard.writeText(uri.toString(true));
    vscode.window.setStatusBarMessage(`The link to row ${index} was copied.`, 3000);
  }

  async #openSource(index: number): Promise<void> {
    const source = this.#feed.table.record(index)?.source ?? '';
    const [, path = '', line = '1'] = /^(.*):(\d+)$/s.exec(source) ?? [];
    const workspace = resolve(this.#feed.dir, '../../..');
    const file = isAbsolute(path) ? path : join(workspace, path);
    if (path === '' || !existsSync(file))
      throw new TunebookError('compare/no-source', `The file of this row, ${source}, is no longer there.`);
    const at = new vscode.Position(Number(line) - 1, 0);
    await vscode.window.showTextDocument(vscode.Uri.file(file), { selection: new vscode.Range(at, at) });
  }

  async #openText(index: number, candidate: string | undefined): Promise<void> {
    const record = this.#feed.table.record(index);
    const content =
      candidate === undefined
        ? `${record?.input ?? ''}\n\n${record?.reference ?? ''}\n`
        : record?.outputs[candidate]?.output;
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content: content ?? '' }));
  }

  #visibilityChanged(): void {
    if (this.panel.visible) return;
    this.#ready = false;
    clearTimeout(this.#timer);
  }

  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    clearTimeout(this.#timer);
    try {
      let sentAt = 0;
      for (let more = true; more && this.#ready && !this.#disposed;) {
        more = this.#feed.read(SLICE);
        if (!more || Date.now() - sentAt > INTERVAL) {
          this.#post(this.#feed.takeUpdate());
          sentAt = Date.now();
        }
        if (more) await new Promise((resolve) => setImmediate(resolve));
      }
    } catch (error) {
      await showError(error);
    } finally {
      this.#pumping = false;
    }
    if (!this.#disposed && this.#ready && this.#feed.live)
      this.#timer = setTimeout(() => void this.#pump(), INTERVAL);
  }

  #post(messages: readonly ToComparePanel[]): void {
    for (const message of messages) void this.panel.webview.postMessage(message);
  }
}
