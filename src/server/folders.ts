import type { ClientCapabilities, Connection, InitializeParams } from 'vscode-languageserver/node';
import { pathOf } from './uri.ts';
import type { Workspace } from './workspace.ts';

/** The folders on disk that a client opened. */
export function foldersOf({ workspaceFolders, rootUri }: InitializeParams): string[] {
  const uris = workspaceFolders?.map(({ uri }) => uri) ?? (rootUri === null ? [] : [rootUri]);
  return uris.filter(isOnDisk).map(pathOf);
}

/** Follows the client where it adds and removes folders. */
export function watchFolders(connection: Connection, client: ClientCapabilities, workspace: Workspace): void {
  if (client.workspace?.workspaceFolders !== true) return;
  connection.workspace.onDidChangeWorkspaceFolders(() => {
    void connection.workspace.getWorkspaceFolders().then((folders) => {
      workspace.folders = (folders ?? [])
        .map(({ uri }) => uri)
        .filter(isOnDisk)
        .map(pathOf);
    });
  });
}

function isOnDisk(uri: string): boolean {
  return uri.startsWith('file:');
}
