import type {
  DidChangeNotebookDocumentParams,
  DidCloseNotebookDocumentParams,
  DidOpenNotebookDocumentParams,
} from 'vscode-languageserver/node';
import { Message, type NotificationMessage } from 'vscode-jsonrpc/node';
import type { CellLines } from './notebook-text.ts';
import { OpenNotebook } from './open-notebook.ts';
import { cellAt, intoCells, intoNotebook, isObject, tokensOf } from './translate.ts';

/** What the server says it wants to hear of notebooks. */
export const NOTEBOOK_SYNC = {
  notebookSelector: [{ notebook: { notebookType: 'tunebook' }, cells: [{ language: 'tune' }] }],
};

/**
 * Stands between an editor that shows cells and a server that knows files: towards the server every open notebook is one
 * document, with the notebook's own URI; towards the editor every place is in a cell. So nothing else of the server knows
 * of notebooks.
 */
export class NotebookTranslator {
  readonly #notebooks = new Map<string, OpenNotebook>();
  /** Requests about cells that are not answered yet. */
  readonly #asked = new Map<number | string, { cell: CellLines; method: string }>();

  /** What the server gets for a message of the editor. */
  fromEditor(message: Message): Message[] {
    if (Message.isNotification(message)) return this.#notification(message);
    if (!Message.isRequest(message)) return [message];
    const uri = uriOf(message.params);
    const found = uri === undefined ? undefined : this.#find(uri);
    if (!found || !isObject(message.params)) return [message];
    const { notebook, cell } = found;
    if (message.id !== null) this.#asked.set(message.id, { cell, method: message.method });
    const moved = intoNotebook(message.params, cell.start);
    const params = { ...(isObject(moved) ? moved : {}), textDocument: { uri: notebook.uri } };
    return [Object.assign({}, message, { params })];
  }

  /** What the editor gets for a message of the server. */
  fromServer(message: Message): Message[] {
    if (Message.isNotification(message)) {
      return message.method === 'textDocument/publishDiagnostics' ? this.#diagnostics(message) : [message];
    }
    if (!Message.isResponse(message) || message.id === null) return [message];
    const asked = this.#asked.get(message.id);
    this.#asked.delete(message.id);
    if (message.result === undefined || message.result === null) return [message];
    if (asked?.method.startsWith('textDocument/semanticTokens') && isObject(message.result)) {
      const data: unknown[] = Array.isArray(message.result['data']) ? message.result['data'] : [];
      return [Object.assign({}, message, { result: { data: tokensOf(data.map(Number), asked.cell) } })];
    }
    if (!asked && this.#notebooks.size === 0) return [message];
    const result = intoCells(message.result, {
      cellsOf: (uri) => this.#notebooks.get(uri)?.cells,
      ...(asked && { asked: asked.cell }),
    });
    return [Object.assign({}, message, { result })];
  }

  #notification(message: NotificationMessage): Message[] {
    const { params } = message;
    switch (message.method) {
      case 'notebookDocument/didOpen': {
        // SAFETY: the shape that the protocol gives to the parameters of this method.
        const notebook = new OpenNotebook(params as unknown as DidOpenNotebookDocumentParams);
        this.#notebooks.set(notebook.uri, notebook);
        const { uri, version, text } = notebook;
        const textDocument = { uri, languageId: 'markdown', version, text };
        return [notify('textDocument/didOpen', { textDocument })];
      }
      case 'notebookDocument/didChange': {
        // SAFETY: as above.
        const change = params as unknown as DidChangeNotebookDocumentParams;
        const notebook = this.#notebooks.get(change.notebookDocument.uri);
        if (!notebook) return [];
        this.#gone.push(...notebook.change(change));
        const { uri, version, text } = notebook;
        return [
          notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ text }] }),
        ];
      }
      case 'notebookDocument/didSave':
        return [];
      case 'notebookDocument/didClose': {
        // SAFETY: as above.
        const { uri } = (params as unknown as DidCloseNotebookDocumentParams).notebookDocument;
        const notebook = this.#notebooks.get(uri);
        this.#gone.push(...(notebook?.cells ?? []).map((cell) => cell.uri));
        this.#notebooks.delete(uri);
        return notebook ? [notify('textDocument/didClose', { textDocument: { uri } })] : [];
      }
      default: {
        // The same file open as text beside the notebook: what the notebook says counts.
        const uri = uriOf(params);
        return uri !== undefined && this.#notebooks.has(uri) ? [] : [message];
      }
    }
  }

  /** Cells whose problems are to be taken back. */
  readonly #gone: string[] = [];

  /** Messages that take back the problems of cells that are no longer there. */
  takeBack(): Message[] {
    return this.#gone
      .splice(0)
      .map((uri) => notify('textDocument/publishDiagnostics', { uri, diagnostics: [] }));
  }

  #diagnostics(message: NotificationMessage): Message[] {
    const params = isObject(message.params) ? message.params : {};
    const notebook = this.#notebooks.get(String(params['uri']));
    if (!notebook) return [message];
    const all: unknown[] = Array.isArray(params['diagnostics']) ? params['diagnostics'] : [];
    return notebook.cells.flatMap((cell) => {
      const own = all.filter((each) => lineOf(each) !== undefined && cellAt([cell], lineOf(each) ?? -1));
      const diagnostics = intoCells(own, { cellsOf: () => undefined, asked: cell });
      // An editor takes in the problems of hundreds of cells at every key otherwise, and typing is felt to hang.
      if (!notebook.isNews(cell.uri, diagnostics)) return [];
      return [notify('textDocument/publishDiagnostics', { uri: cell.uri, diagnostics })];
    });
  }

  #find(uri: string): { notebook: OpenNotebook; cell: CellLines } | undefined {
    for (const notebook of this.#notebooks.values()) {
      const cell = notebook.cells.find((each) => each.uri === uri);
      if (cell) return { notebook, cell };
    }
    return undefined;
  }
}

function lineOf(diagnostic: unknown): number | undefined {
  const range = isObject(diagnostic) ? diagnostic['range'] : undefined;
  const start = isObject(range) ? range['start'] : undefined;
  const line = isObject(start) ? start['line'] : undefined;
  return typeof line === 'number' ? line : undefined;
}

function uriOf(params: unknown): string | undefined {
  const document = isObject(params) ? params['textDocument'] : undefined;
  const uri = isObject(document) ? document['uri'] : undefined;
  return typeof uri === 'string' ? uri : undefined;
}

function notify(method: string, params: object): NotificationMessage {
  return { jsonrpc: '2.0', method, params };
}
