import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { isNotebookPath } from '../../language/notebook/notebook-path.ts';
import { showError } from '../errors.ts';
import { runLenses } from './run-lenses.ts';

/** The language server, and a way to ask it what the protocol does not know. */
export interface Language extends vscode.Disposable {
  /** Its answer; `undefined` while it is not started. */
  ask(method: string, params: unknown): Promise<unknown>;
}

/**
 * Starts the language server when the first config is open, and again when the workspace becomes trusted: only then
 * may it ask the trainer about data and models.
 */
export function startLanguage(context: vscode.ExtensionContext): Language {
  let client: Promise<LanguageClient> | undefined;
  const start = () => {
    if (client) return;
    client = createClient(context);
    void client.catch(showError);
  };
  const stop = async () => {
    const running = client;
    client = undefined;
    await (await running?.catch(() => undefined))?.dispose();
  };
  const onOpen = (document: vscode.TextDocument) => {
    if (document.languageId === 'tune' || isNotebookPath(document.uri.path)) start();
  };
  // The client library is large: it must not delay what the person does first.
  const first = setImmediate(() => vscode.workspace.textDocuments.forEach(onOpen));
  const disposable = vscode.Disposable.from(
    { dispose: () => clearImmediate(first) },
    // In a notebook each cell has a button of its own.
    ...['file', 'untitled'].map((scheme) =>
      vscode.languages.registerCodeLensProvider({ language: 'tune', scheme }, runLenses),
    ),
    vscode.workspace.onDidOpenTextDocument(onOpen),
    vscode.workspace.onDidGrantWorkspaceTrust(async () => {
      if (!client) return;
      await stop();
      start();
    }),
    { dispose: () => void stop() },
  );
  return {
    dispose: () => void disposable.dispose(),
    ask: async (method, params) => (await client)?.sendRequest(method, params),
  };
}

async function createClient(context: vscode.ExtensionContext): Promise<LanguageClient> {
  const { startClient } = await import('./client.ts');
  return startClient(context.extensionPath, vscode.workspace.isTrusted);
}
