import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { showError } from '../errors.ts';

/**
 * The language server of this window: started when the first config is open, and again when the workspace becomes trusted,
 * since only then may it ask the trainer about data and models.
 */
export class Language implements vscode.Disposable {
  readonly #context: vscode.ExtensionContext;
  #client: Promise<LanguageClient> | undefined;

  constructor(context: vscode.ExtensionContext) {
    this.#context = context;
  }

  start(): void {
    if (this.#client) return;
    this.#client = createClient(this.#context);
    void this.#client.catch(showError);
  }

  /** Starts it anew where it runs. */
  async restart(): Promise<void> {
    if (!this.#client) return;
    await this.#stop();
    this.start();
  }

  /** Asks the server; starts it where it does not run yet. */
  async ask<Result>(method: string, params: object, token?: vscode.CancellationToken): Promise<Result> {
    this.start();
    const client = await this.#client;
    if (!client) throw new Error('the language server was stopped');
    // A token that is undefined would be sent as a second parameter.
    return token
      ? client.sendRequest<Result>(method, params, token)
      : client.sendRequest<Result>(method, params);
  }

  /** Its answer; `undefined` where it does not run. */
  async askRunning(method: string, params: unknown): Promise<unknown> {
    return (await this.#client)?.sendRequest(method, params);
  }

  /** Tells the server something, where it runs. */
  async tell(method: string, params: object): Promise<void> {
    await (await this.#client)?.sendNotification(method, params);
  }

  dispose(): void {
    void this.#stop();
  }

  async #stop(): Promise<void> {
    const running = this.#client;
    this.#client = undefined;
    await (await running?.catch(() => undefined))?.dispose();
  }
}

async function createClient(context: vscode.ExtensionContext): Promise<LanguageClient> {
  const { startClient } = await import('../later.ts');
  return startClient(context.extensionPath, vscode.workspace.isTrusted);
}
