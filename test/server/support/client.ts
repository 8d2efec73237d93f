import assert from 'node:assert/strict';
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  FileChangeType,
  type CodeAction,
  type CompletionItem,
  type CompletionList,
  type Diagnostic,
  type Hover,
  type InitializeResult,
  type Location,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  type Range,
  type TextEdit,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { ROOT } from './build.ts';

/** How a client introduces itself. */
export interface ClientOptions {
  /** The trainer that the server may ask; none, as in a workspace that is not trusted. */
  trainer?: string;
  snippets?: boolean;
  /** Whether the server may ask to be told of files that change. */
  watches?: boolean;
  /** The folders that are open, absolute. */
  folders?: string[];
}

/** The trainer as it is built. */
export const TRAINER = join(ROOT, 'dist/tunebook.js');

/** An editor that is not VS Code: it speaks the protocol over the standard streams of the built server. */
export class Client {
  readonly connection: ProtocolConnection;
  readonly process: ChildProcessByStdio<Writable, Readable, Readable>;
  /** Everything that the server logged. */
  readonly log: string[] = [];
  /** Glob patterns that the server wants to be told about. */
  readonly watched: string[] = [];
  /** How often the server asked to have its inlay hints fetched anew. */
  refreshed = 0;
  /** Every publication of problems, in order. */
  readonly published: PublishDiagnosticsParams[] = [];
  capabilities: InitializeResult['capabilities'] = {};
  readonly #documents = new Map<string, TextDocument>();
  readonly #listeners = new Set<() => void>();

  private constructor() {
    this.process = spawn(process.execPath, ['dist/server.js', '--stdio'], {
      cwd: ROOT,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.process.stderr.setEncoding('utf8').on('data', (text: string) => this.log.push(text));
    this.connection = createProtocolConnection(
      new StreamMessageReader(this.process.stdout),
      new StreamMessageWriter(this.process.stdin),
    );
    this.connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
      this.published.push(params);
      for (const listener of this.#listeners) listener();
    });
    this.connection.onNotification('window/logMessage', ({ message }: { message: string }) => {
      this.log.push(message);
      for (const listener of this.#listeners) listener();
    });
    this.connection.onRequest('workspace/inlayHint/refresh', () => {
      this.refreshed++;
      for (const listener of this.#listeners) listener();
      return null;
    });
    this.connection.onRequest('client/registerCapability', (params: Registrations) => {
      for (const { registerOptions } of params.registrations) {
        this.watched.push(...(registerOptions?.watchers ?? []).map(({ globPattern }) => globPattern));
      }
      for (const listener of this.#listeners) listener();
      return null;
    });
    this.connection.listen();
  }

  /** Starts a server and introduces itself. */
  static async start({
    trainer,
    snippets = true,
    watches = true,
    folders,
  }: ClientOptions = {}): Promise<Client> {
    const client = new Client();
    const answer: InitializeResult = await client.connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: null,
      ...(folders && { workspaceFolders: folders.map((path) => ({ uri: uri(path), name: path })) }),
      initializationOptions: { trainer },
      capabilities: {
        workspace: {
          workspaceFolders: true,
          didChangeWatchedFiles: { dynamicRegistration: watches },
          inlayHint: { refreshSupport: true },
        },
        textDocument: {
          completion: { completionItem: { snippetSupport: snippets, documentationFormat: ['markdown'] } },
          hover: { contentFormat: ['markdown'] },
        },
      },
    });
    client.capabilities = answer.capabilities;
    await client.connection.sendNotification('initialized', {});
    return client;
  }

  async open(path: string, text: string): Promise<void> {
    const document = TextDocument.create(uri(path), 'tune', 1, text);
    this.#documents.set(path, document);
    const textDocument = { uri: document.uri, languageId: 'tune', version: 1, text };
    await this.connection.sendNotification('textDocument/didOpen', { textDocument });
  }

  /** Replaces the first place where `old` stands, and tells the server of that change alone. */
  async replace(path: string, old: string, text: string): Promise<void> {
    const document = this.#document(path);
    const start = document.getText().indexOf(old);
    assert.ok(start >= 0, `${old} does not stand in ${path}`);
    const range = { start: document.positionAt(start), end: document.positionAt(start + old.length) };
    await this.edit(path, [{ range, newText: text }]);
  }

  /** Applies edits of one moment. */
  async edit(path: string, edits: TextEdit[]): Promise<void> {
    const document = this.#document(path);
    const ordered = [...edits].sort(
      (a, b) => document.offsetAt(b.range.start) - document.offsetAt(a.range.start),
    );
    const contentChanges = ordered.map(({ range, newText }) => ({ range, text: newText }));
    const version = document.version + 1;
    TextDocument.update(document, contentChanges, version);
    const textDocument = { uri: document.uri, version };
    await this.connection.sendNotification('textDocument/didChange', { textDocument, contentChanges });
  }

  async close(path: string): Promise<void> {
    this.#documents.delete(path);
    await this.connection.sendNotification('textDocument/didClose', { textDocument: { uri: uri(path) } });
  }

  async fileChanged(path: string, type: FileChangeType = FileChangeType.Changed): Promise<void> {
    await this.connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: [{ uri: uri(path), type }],
    });
  }

  text(path: string): string {
    return this.#document(path).getText();
  }

  /** The problems of the text as it is now, once they satisfy the condition. */
  async diagnostics(
    path: string,
    satisfy: (diagnostics: Diagnostic[]) => boolean = () => true,
  ): Promise<Diagnostic[]> {
    const version = this.#documents.get(path)?.version;
    return await this.until(`problems of ${path}`, () => {
      const latest = this.published.findLast((each) => each.uri === uri(path));
      if (!latest || latest.version !== version) return undefined;
      return satisfy(latest.diagnostics) ? latest.diagnostics : undefined;
    });
  }

  /** Waits for the codes of the problems, in the order of the text. */
  async codes(path: string, expected: string[]): Promise<void> {
    const codesOf = (found: Diagnostic[]) => found.map(({ code }) => String(code));
    await this.diagnostics(path, (found) => codesOf(found).join() === expected.join()).catch(
      (error: unknown) => {
        const latest = this.published.findLast((each) => each.uri === uri(path));
        assert.deepEqual(codesOf(latest?.diagnostics ?? []), expected, String(error));
      },
    );
  }

  /** Waits until something that the server sends makes `look` find it. */
  async until<Found>(what: string, look: () => Found | undefined, milliseconds = 60_000): Promise<Found> {
    const first = look();
    if (first !== undefined) return first;
    return await new Promise<Found>((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        this.#listeners.delete(listener);
      };
      const listener = () => {
        const found = look();
        if (found === undefined) return;
        end();
        resolve(found);
      };
      const timer = setTimeout(() => {
        end();
        reject(new Error(`No ${what} within ${milliseconds} ms. Log:\n${this.log.join('\n')}`));
      }, milliseconds);
      this.#listeners.add(listener);
    });
  }

  /** Completions behind the first place where `text` stands. */
  async complete(path: string, text: string): Promise<CompletionItem[]> {
    const found = await this.completion(path, text);
    return Array.isArray(found) ? found : found.items;
  }

  /** The same with word of whether it is worth asking again. */
  async completion(path: string, text: string): Promise<CompletionItem[] | CompletionList> {
    return await this.connection.sendRequest('textDocument/completion', this.#behind(path, text));
  }

  /** The hover over the last character of the first place where `text` stands. */
  async hover(path: string, text: string): Promise<{ value: string; range: Range } | undefined> {
    const hover: Hover | null = await this.connection.sendRequest(
      'textDocument/hover',
      this.#behind(path, text),
    );
    if (!hover?.range || typeof hover.contents !== 'object' || !('value' in hover.contents)) return undefined;
    return { value: hover.contents.value, range: hover.range };
  }

  async definition(path: string, text: string): Promise<Location | null> {
    return await this.connection.sendRequest('textDocument/definition', this.#behind(path, text));
  }

  /** Asks about the place behind the first place where `text` stands. */
  async askBehind<Result>(method: string, path: string, text: string, more: object = {}): Promise<Result> {
    return await this.connection.sendRequest(method, { ...this.#behind(path, text), ...more });
  }

  /** Asks about a whole document. */
  async ask<Result>(method: string, path: string, more: object = {}): Promise<Result> {
    return await this.connection.sendRequest(method, { textDocument: { uri: uri(path) }, ...more });
  }

  /** The actions for the problems of a file, or for those of one code. */
  async actions(path: string, code?: string, only?: string[]): Promise<CodeAction[]> {
    const diagnostics = (await this.diagnostics(path)).filter(
      (each) => code === undefined || each.code === code,
    );
    const document = this.#document(path);
    const whole = { start: document.positionAt(0), end: document.positionAt(document.getText().length) };
    return await this.connection.sendRequest('textDocument/codeAction', {
      textDocument: { uri: document.uri },
      range: diagnostics[0]?.range ?? whole,
      context: { diagnostics, ...(only && { only }) },
    });
  }

  /** Does what an action says. */
  async take(path: string, action: CodeAction | undefined): Promise<void> {
    await this.edit(path, action?.edit?.changes?.[uri(path)] ?? []);
  }

  /** Ends the server as an editor does, and gives its exit code. */
  async stop(): Promise<number | null> {
    const closed = once(this.process, 'close');
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    await closed;
    this.connection.dispose();
    return this.process.exitCode;
  }

  /** For the end of a test, however it went. */
  kill(): void {
    this.connection.dispose();
    this.process.kill('SIGKILL');
  }

  #document(path: string): TextDocument {
    const document = this.#documents.get(path);
    assert.ok(document, `${path} is not open`);
    return document;
  }

  #behind(path: string, text: string): { textDocument: { uri: string }; position: Range['start'] } {
    const document = this.#document(path);
    const at = document.getText().indexOf(text);
    assert.ok(at >= 0, `${text} does not stand in ${path}`);
    return { textDocument: { uri: document.uri }, position: document.positionAt(at + text.length) };
  }
}

interface Registrations {
  registrations: { registerOptions?: { watchers?: { globPattern: string }[] } }[];
}

/** How a client calls a file. */
export function uri(path: string): string {
  return pathToFileURL(path).href;
}
