import {
  FileChangeType,
  TextDocuments,
  TextDocumentSyncKind,
  type Connection,
  type InitializeParams,
  type InitializeResult,
  type Location,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { complete } from '../language/complete.ts';
import { findDefinition } from '../language/definition.ts';
import { hover } from '../language/hover.ts';
import { isConfigPath } from '../language/load.ts';
import { isNotebookPath } from '../language/notebook/notebook-path.ts';
import { MAX_FILE_LENGTH } from '../language/parse.ts';
import { findRefactorings } from '../language/refactor.ts';
import { answer } from './answer.ts';
import { FIX_ALL, findCodeActions, toRefactorActions } from './code-actions.ts';
import { completionAbilities, toCompletionItem, toLines } from './convert.ts';
import { Diagnoser } from './diagnose.ts';
import { EDITING_CAPABILITIES, serveEditing } from './editing/serve-editing.ts';
import { foldersOf, watchFolders } from './folders.ts';
import { Facts } from './facts/facts.ts';
import { readTrainer } from './options.ts';
import { Problems } from './problems.ts';
import { NOTEBOOK_SYNC } from './notebook/notebook-translator.ts';
import { Plans } from './editing/plans.ts';
import { serveStatus } from './notebook/serve-status.ts';
import { isChecked, pathOf, uriOf } from './uri.ts';
import { watchFiles } from './watch.ts';
import { Workspace } from './workspace.ts';

/** How long completion and hover wait for a trainer that is still reading. */
const PATIENCE_MS = 1500;

/** A change on disk often comes with others. */
const DISK_STILL_MS = 300;

const TOP = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

function isTunePath(path: string): boolean {
  return isConfigPath(path) || isNotebookPath(path);
}

/** Wires the language into a connection to an editor, and listens. */
export function serve(connection: Connection): void {
  const documents = new TextDocuments(TextDocument);
  const workspace = new Workspace(documents);
  const problems = new Problems(connection, workspace);
  const log = (error: unknown) =>
    connection.console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const diagnoser = new Diagnoser({
    workspace,
    paths: () => documents.keys().filter(isChecked).map(pathOf),
    publish: (findings) => problems.publish(findings),
    onError: log,
  });
  let client: InitializeParams['capabilities'] = {};

  connection.onInitialize((params): InitializeResult => {
    client = params.capabilities;
    workspace.folders = foldersOf(params);
    const trainer = readTrainer(params.initializationOptions);
    if (trainer !== undefined) {
      workspace.facts = new Facts(trainer, (message) => connection.console.warn(message));
    }
    return {
      serverInfo: { name: 'Tunebook' },
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
        completionProvider: { triggerCharacters: [':', ' ', '.', '/', '#', '[', '{', ','] },
        hoverProvider: true,
        definitionProvider: true,
        ...EDITING_CAPABILITIES,
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
        notebookDocumentSync: NOTEBOOK_SYNC,
        codeActionProvider: {
          codeActionKinds: ['quickfix', FIX_ALL, 'refactor.extract', 'refactor.rewrite'],
        },
      },
    };
  });
  connection.onInitialized(() => {
    watchFolders(connection, client, workspace);
    watchFiles(connection, client)
      .then((watched) => (workspace.isWatched = watched))
      .catch(log);
  });
  connection.onShutdown(async () => {
    diagnoser.dispose();
    await workspace.facts?.dispose();
  });

  documents.onDidChangeContent(() => diagnoser.schedule());
  documents.onDidClose(({ document }) => {
    workspace.parsed.delete(pathOf(document.uri));
    diagnoser.schedule();
  });
  documents.onDidSave(() => diagnoser.schedule());
  connection.onDidChangeWatchedFiles(({ changes }) => {
    for (const { uri } of changes) workspace.texts.forget(pathOf(uri));
    if (changes.some(({ uri, type }) => type !== FileChangeType.Changed && isTunePath(pathOf(uri)))) {
      workspace.configs.forget();
    }
    if (changes.some(({ uri }) => diagnoser.concerns(pathOf(uri)))) diagnoser.schedule(DISK_STILL_MS);
  });

  /** An open text that may be a config. To count the lines of one that is too large takes a second by itself. */
  const readable = (uri: string) => {
    const document = documents.get(uri);
    return document && document.getText().length <= MAX_FILE_LENGTH ? document : undefined;
  };
  connection.onCompletion(({ textDocument, position }, token) =>
    answer(token, log, async (signal) => {
      const document = readable(textDocument.uri);
      if (!document) return [];
      const path = pathOf(document.uri);
      const offset = document.offsetAt(position);
      const project = await workspace.load(document);
      signal.throwIfAborted();
      let isIncomplete = false;
      const host = workspace.impatientHost(PATIENCE_MS, () => (isIncomplete = true));
      const completions = await complete({ project, path, offset, host, signal });
      const file = project.files.get(path);
      const abilities = completionAbilities(client);
      const items = file ? completions.map((each) => toCompletionItem(each, file, abilities)) : [];
      // What the trainer knows a moment later is asked for with the next letter.
      return isIncomplete ? { isIncomplete, items } : items;
    }),
  );

  connection.onHover(({ textDocument, position }, token) =>
    answer(token, log, async (signal) => {
      const document = readable(textDocument.uri);
      if (!document) return null;
      const path = pathOf(document.uri);
      const offset = document.offsetAt(position);
      const project = await workspace.load(document);
      signal.throwIfAborted();
      const found = await hover({
        project,
        path,
        offset,
        host: workspace.impatientHost(PATIENCE_MS),
        signal,
      });
      const lines = project.files.get(path)?.lines;
      if (!found || !lines) return null;
      const markdown = client.textDocument?.hover?.contentFormat?.includes('markdown') ?? false;
      const contents = { kind: markdown ? 'markdown' : 'plaintext', value: found.markdown } as const;
      return { contents, range: toLines(lines, found.start, found.end) };
    }),
  );

  connection.onDefinition(({ textDocument, position }, token) =>
    answer(token, log, async (): Promise<Location | null> => {
      const document = readable(textDocument.uri);
      if (!document) return null;
      const path = pathOf(document.uri);
      const offset = document.offsetAt(position);
      const found = findDefinition(await workspace.load(document), path, offset);
      if (!found) return null;
      if ('path' in found) return { uri: uriOf(found.path), range: TOP };
      const uri = workspace.document(found.file.path)?.uri ?? uriOf(found.file.path);
      return { uri, range: toLines(found.file.lines, found.start, found.end) };
    }),
  );

  connection.onCodeAction((params, token) =>
    answer(token, log, async (signal) => {
      const path = pathOf(params.textDocument.uri);
      const { diagnostics } = await diagnoser.findNow(signal);
      const uriFor = (file: string) => workspace.document(file)?.uri ?? uriOf(file);
      const document = documents.get(params.textDocument.uri);
      const file = document && (await workspace.load(document)).files.get(path);
      const refactorings =
        file && document ? findRefactorings(file, document.offsetAt(params.range.start)) : [];
      return [
        ...findCodeActions(params, path, diagnostics, uriFor),
        ...toRefactorActions(params, refactorings, uriFor),
      ];
    }),
  );

  const plans = new Plans();
  serveEditing({ connection, documents, workspace, log, client: () => client }, plans);
  serveStatus(connection, workspace, {
    problems: async (signal) => (await diagnoser.findNow(signal)).diagnostics,
    plans,
    log,
  });
  documents.listen(connection);
  connection.listen();
}
