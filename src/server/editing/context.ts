import type {
  CancellationToken,
  ClientCapabilities,
  Connection,
  Range,
  ResponseError,
  TextDocuments,
} from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { TextEdit, TuneFile } from '../../language/tree.ts';
import type { Project } from '../../language/project.ts';
import { answer } from '../answer.ts';
import { toLines } from '../convert.ts';
import { pathOf, uriOf } from '../uri.ts';
import type { Workspace } from '../workspace.ts';

/** What the handlers of requests work with. */
export interface Context {
  connection: Connection;
  documents: TextDocuments<TextDocument>;
  workspace: Workspace;
  log: (error: unknown) => void;
  /** What the client said it can do. */
  client: () => ClientCapabilities;
}

/** An open document with what it refers to. */
export interface Opened {
  document: TextDocument;
  path: string;
  project: Project;
  file: TuneFile;
  signal: AbortSignal;
}

/**
 * Answers a request about an open document; with `nothing` where it is not open.
 * @param reach `near`: the project holds the neighbours of the file and what they name; `all`: every config of the workspace
 */
export function about<Result>(
  { documents, workspace, log }: Context,
  token: CancellationToken,
  { textDocument }: { textDocument: { uri: string } },
  nothing: Result,
  handle: (opened: Opened) => Result | Promise<Result>,
  reach: 'near' | 'all' = 'near',
): Promise<Result | ResponseError> {
  return answer(token, log, async (signal) => {
    const document = documents.get(textDocument.uri);
    if (!document) return nothing;
    const path = pathOf(document.uri);
    const project = await (reach === 'all' ? workspace.loadAll(document) : workspace.load(document));
    signal.throwIfAborted();
    const file = project.files.get(path);
    return file ? await handle({ document, path, project, file, signal }) : nothing;
  });
}

/** How the client calls a file of a project. */
export function uriIn({ workspace }: Context, path: string): string {
  return workspace.document(path)?.uri ?? uriOf(path);
}

export function rangeIn(file: TuneFile, { start, end }: { start: number; end: number }): Range {
  return toLines(file.lines, start, end);
}

/** Edits of one file as the protocol carries them. */
export function editsIn(file: TuneFile, edits: readonly TextEdit[]): { range: Range; newText: string }[] {
  return edits.map((edit) => ({ range: rangeIn(file, edit), newText: edit.newText }));
}
