import { join } from 'node:path';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';

/** Megabytes of memory for new objects. Without it a sixth of the processor time of a start goes into enlarging that step by step. */
const EXEC_ARGV = ['--min-semi-space-size=16'];

/**
 * Starts the language server as a child process and connects to it. In a workspace that is not trusted the server gets no
 * trainer, so that nothing but parsing happens.
 */
export async function startClient(extension: string, trusted: boolean): Promise<LanguageClient> {
  const module = join(extension, 'dist/server.js');
  const client = new LanguageClient(
    'tunebook',
    'Tunebook Language Server',
    { module, transport: TransportKind.ipc, options: { execArgv: EXEC_ARGV } },
    {
      documentSelector: [
        { language: 'tune' },
        { language: 'markdown', scheme: 'file', pattern: '**/*.tunebook.md' },
      ],
      initializationOptions: { trainer: trusted ? join(extension, 'dist/tunebook.js') : undefined },
    },
  );
  await client.start();
  return client;
}
