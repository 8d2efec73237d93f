import { randomBytes } from 'node:crypto';
import { relative } from 'node:path';
import * as vscode from 'vscode';
import { TunebookError } from '../../../protocol/error.ts';
import type {
  AskProgress,
  FromPlayground,
  PlaygroundSource,
  PlaygroundState,
} from '../../../protocol/playground.ts';
import type { TrainerChild } from '../../../runs/trainer-child.ts';
import { showError } from '../../errors.ts';
import { keysForTrainer } from '../../keys/endpoint-keys.ts';
import { trainerCopy } from '../../runs/trainer-copy.ts';
import { keepAnswer } from './keep-answer.ts';
import { PlaygroundFeed, type PlaygroundTask } from './playground-feed.ts';
import { playgroundHtml } from './playground-html.ts';

export interface PlaygroundPanelOptions {
  readonly context: vscode.ExtensionContext;
  readonly state: PlaygroundState;
  /** Asks the person for more candidates. */
  readonly pick: () => Promise<PlaygroundSource[]>;
  readonly log: (message: string) => void;
}

/** One playground: its page, and a trainer that is started with its first question and ends with it. */
export class PlaygroundPanel {
  readonly panel: vscode.WebviewPanel;
  readonly workspace: string;
  readonly #options: PlaygroundPanelOptions;
  readonly #feed: PlaygroundFeed;
  readonly #disposables: vscode.Disposable[] = [];
  #child: Promise<TrainerChild> | undefined;
  #kept: string | undefined;

  constructor(panel: vscode.WebviewPanel, options: PlaygroundPanelOptions) {
    const { context, state } = options;
    const { extensionUri } = context;
    this.panel = panel;
    this.workspace = state.workspace;
    this.#options = options;
    this.#feed = new PlaygroundFeed({
      ...state,
      trainer: {
        request: async (method, params, signal) => (await this.#start()).request(method, params, signal),
      },
      post: (message) => void panel.webview.postMessage(message),
    });
    const dist = vscode.Uri.joinPath(extensionUri, 'dist');
    const script = panel.webview.asWebviewUri(vscode.Uri.joinPath(dist, 'playground.webview.js'));
    this.#disposables.push(
      panel.webview.onDidReceiveMessage((message: FromPlayground) => void this.#receive(message)),
      panel.onDidDispose(() => this.dispose()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => void this.#receive({ type: 'ready' })),
      context.secrets.onDidChange(() => void this.#restart()),
    );
    panel.title = 'Playground';
    panel.iconPath = {
      light: vscode.Uri.joinPath(extensionUri, 'media/tune-light.svg'),
      dark: vscode.Uri.joinPath(extensionUri, 'media/tune-dark.svg'),
    };
    panel.webview.options = { enableScripts: true, localResourceRoots: [dist] };
    panel.webview.html = playgroundHtml(script.toString(), randomBytes(16).toString('base64url'), state);
  }

  /** Shows further candidates. */
  async add(sources: readonly PlaygroundSource[]): Promise<void> {
    await this.#feed.add(sources);
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
    this.#feed.dispose();
    void this.#child?.then((child) => child.dispose()).catch(() => undefined);
  }

  /** Keys of endpoints have changed: a trainer is given them when it starts. */
  async #restart(): Promise<void> {
    const old = this.#child;
    this.#child = undefined;
    await old?.then((child) => child.dispose()).catch(() => undefined);
    await this.#feed.reopen();
  }

  async #start(): Promise<TrainerChild> {
    if (!vscode.workspace.isTrusted)
      throw new TunebookError('playground/untrusted', 'Models are loaded only in a folder that you trust.', {
        hint: 'Trust it with "Workspaces: Manage Workspace Trust", and the playground goes on.',
      });
    this.#child ??= this.#create().catch((error: unknown) => {
      this.#child = undefined;
      throw error;
    });
    return await this.#child;
  }

  async #create(): Promise<TrainerChild> {
    const { context, log } = this.#options;
    const trainer = await trainerCopy(context.extensionPath, context.globalStorageUri.fsPath);
    const keys = await keysForTrainer(context.secrets);
    const { TrainerChild } = await import('../../later.ts');
    return new TrainerChild({
      trainer,
      args: ['playground', '--stdio'],
      environment: () => keys,
      log,
      onEnded: () => this.#feed.trainerEnded(),
      // SAFETY: our own trainer of this same version sends this notification alone.
      onNotification: (_, params) => this.#feed.progress(params as AskProgress),
    });
  }

  async #receive(message: FromPlayground): Promise<void> {
    await this.#feed.receive(message, (task) => void this.#do(task).catch(showError));
  }

  async #do(task: PlaygroundTask): Promise<void> {
    switch (task.type) {
      case 'addCandidates': {
        const sources = await this.#options.pick();
        if (sources.length > 0) await this.#feed.add(sources);
        return;
      }
      case 'keep': {
        const candidates = await this.#feed.candidates();
        const source =
          candidates.find(({ id }) => id === task.candidate)?.source ??
          candidates.find(({ source }) => source)?.source;
        const { data, config, rows } = keepAnswer(this.workspace, task, source);
        this.#kept = config;
        const { kind, turn, candidate } = task;
        const file = relative(this.workspace, data);
        await this.panel.webview.postMessage({ type: 'kept', kind, turn, candidate, file, rows });
        return;
      }
      case 'openKept':
        if (this.#kept !== undefined)
          await vscode.window.showTextDocument(vscode.Uri.file(this.#kept), {
            viewColumn: vscode.ViewColumn.Beside,
          });
    }
  }
}
