import * as vscode from 'vscode';
import {
  RESOLVED_REQUEST,
  type ResolvedParams,
  type ResolvedResult,
} from '../../protocol/language-server.ts';
import { followConfigs } from './follow-configs.ts';
import type { Language } from './language.ts';

/** The scheme of read-only documents that show a config with everything filled in. */
export const RESOLVED_SCHEME = 'tunebook-resolved';

/** The URI of the view of a config; its query holds the config's own URI. */
export function resolvedUri(config: vscode.Uri): vscode.Uri {
  const path = config.path.replace(/(\.tune\.ya?ml)?$/, ' (resolved).tune.yaml');
  return vscode.Uri.from({ scheme: RESOLVED_SCHEME, path, query: config.toString() });
}

/** Shows configs as the trainer takes them, and follows while they, or others that they inherit from, are edited. */
export class ResolvedView implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #language: Language;
  readonly #following: vscode.Disposable;

  constructor(language: Language) {
    this.#language = language;
    this.#following = followConfigs(RESOLVED_SCHEME, (uri) => this.#changed.fire(uri));
  }

  async provideTextDocumentContent(uri: vscode.Uri, token: vscode.CancellationToken): Promise<string> {
    const params: ResolvedParams = { uri: uri.query };
    const { text } = await this.#language.ask<ResolvedResult>(RESOLVED_REQUEST, params, token);
    return text ?? '# The config is not open any more. Open it, and this view follows.\n';
  }

  dispose(): void {
    this.#following.dispose();
    this.#changed.dispose();
  }
}
