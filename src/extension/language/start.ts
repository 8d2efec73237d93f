import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { showError } from '../errors.ts';
import { runLenses } from './run-lenses.ts';

/**
 * Starts the language server when the first config is open, and again when the workspace becomes trusted: only then
 * may it ask the trainer about data and models.
 */
export function startLanguage(context: vscode.ExtensionContext): vscode.Disposable {
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
    if (document.languageId === 'tune') start();
  };
  // The client library is large: it must not delay what the person does first.
  const first = setImmediate(() => vscode.workspace.textDocuments.forEach(onOpen));
  return vscode.Disposable.from(
    { dispose: () => clearImmediate(first) },
    vscode.languages.registerCodeLensProvider({ language: 'tune' }, runLenses),
    vscode.workspace.onDidOpenTextDocument(onOpen),
    vscode.workspace.onDidGrantWorkspaceTrust(async () => {
      if (!client) return;
      await stop();
      start();
    }),
    { dispose: () => void stop() },
  );
}

async function createClient(context: vscode.ExtensionContext): Promise<LanguageClient> {
  const { startClient } = await import('./client.ts');
  return startClient(context.extensionPath, vscode.workspace.isTrusted);
}
