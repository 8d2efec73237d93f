import type { ClientCapabilities, Connection, InitializeParams } from 'vscode-languageserver/node';
import type { ConfigFiles } from './config-files.ts';
import { pathOf } from './uri.ts';

/** The folders on disk that a client opened. */
export function foldersOf({ workspaceFolders, rootUri }: InitializeParams): string[] {
  const uris = workspaceFolders?.map(({ uri }) => uri) ?? (rootUri === null ? [] : [rootUri]);
  return uris.filter(isOnDisk).map(pathOf);
}

/** Follows the client where it adds and removes folders. */
export function watchFolders(connection: Connection, client: ClientCapabilities, configs: ConfigFiles): void {
  if (client.workspace?.workspaceFolders !== true) return;
  connection.workspace.onDidChangeWorkspaceFolders(() => {
    void connection.workspace.getWorkspaceFolders().then((folders) => {
      configs.folders = (folders ?? [])
        .map(({ uri }) => uri)
        .filter(isOnDisk)
        .map(pathOf);
    });
  });
}

function isOnDisk(uri: string): boolean {
  return uri.startsWith('file:');
}
