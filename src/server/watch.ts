import {
  DidChangeWatchedFilesNotification,
  type ClientCapabilities,
  type Connection,
} from 'vscode-languageserver/node';

/** Files whose change may change what is wrong with a config: configs, data, and what a model folder holds. */
const PATTERNS = [
  '**/*.tune.{yaml,yml}',
  '**/*.tunebook.md',
  '**/*.{csv,tsv,json,jsonl,ndjson,txt}',
  '**/*.{csv,tsv,json,jsonl,ndjson,txt}.gz',
  '**/*.safetensors',
];

/** Asks the editor to tell of files that change on disk, where it can, and gives whether it does. */
export async function watchFiles(connection: Connection, capabilities: ClientCapabilities): Promise<boolean> {
  if (!capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration) return false;
  const watchers = PATTERNS.map((globPattern) => ({ globPattern }));
  await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
  return true;
}
