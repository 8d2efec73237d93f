import type { Connection } from 'vscode-languageserver/node';
import type { CheckDiagnostic } from '../protocol/check.ts';
import { toDiagnostic } from './convert.ts';
import type { Findings } from './diagnose.ts';
import { uriOf } from './uri.ts';
import type { Workspace } from './workspace.ts';

/** The problems that the editor shows, by file. */
export class Problems {
  readonly #connection: Connection;
  readonly #workspace: Workspace;
  /** What was last sent for each URI, to send nothing twice. */
  readonly #sent = new Map<string, string>();

  constructor(connection: Connection, workspace: Workspace) {
    this.#connection = connection;
    this.#workspace = workspace;
  }

  /** Shows what was found, and takes back what is no longer true. */
  publish({ paths, diagnostics }: Findings): void {
    const byFile = new Map<string, CheckDiagnostic[]>(paths.map((path) => [path, []]));
    for (const diagnostic of diagnostics) {
      const list = byFile.get(diagnostic.file) ?? [];
      byFile.set(diagnostic.file, [...list, diagnostic]);
    }
    const shown = new Set<string>();
    for (const [path, found] of byFile) {
      const document = this.#workspace.document(path);
      const uri = document?.uri ?? uriOf(path);
      shown.add(uri);
      this.#send(uri, found, document?.version);
    }
    for (const uri of this.#sent.keys()) if (!shown.has(uri)) this.#send(uri, [], undefined);
  }

  #send(uri: string, found: CheckDiagnostic[], version: number | undefined): void {
    const content = JSON.stringify([version, found]);
    if (this.#sent.get(uri) === content) return;
    this.#sent.set(uri, content);
    if (found.length === 0 && version === undefined) this.#sent.delete(uri);
    const diagnostics = found.map(toDiagnostic);
    void this.#connection.sendDiagnostics({ uri, diagnostics, ...(version !== undefined && { version }) });
  }
}
