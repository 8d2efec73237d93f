import { TextDocument } from 'vscode-languageserver-textdocument';
import type {
  DidChangeNotebookDocumentParams,
  DidOpenNotebookDocumentParams,
} from 'vscode-languageserver/node';
import { notebookText, type CellLines } from './notebook-text.ts';

/** A notebook as the editor has it: its cells of ours, in their order. */
export class OpenNotebook {
  readonly uri: string;
  version: number;
  #order: string[];
  readonly #documents = new Map<string, TextDocument>();
  #text = '';
  #cells: readonly CellLines[] = [];
  /** What was last said of each cell, and of which version. */
  readonly #said = new Map<string, string>();

  constructor({ notebookDocument, cellTextDocuments }: DidOpenNotebookDocumentParams) {
    this.uri = notebookDocument.uri;
    this.version = notebookDocument.version;
    this.#order = notebookDocument.cells.map(({ document }) => document);
    for (const { uri, languageId, version, text } of cellTextDocuments) {
      this.#documents.set(uri, TextDocument.create(uri, languageId, version, text));
    }
    this.#compose();
  }

  /** All cells as one text. */
  get text(): string {
    return this.#text;
  }

  /** Where each cell stands in that text. */
  get cells(): readonly CellLines[] {
    return this.#cells;
  }

  /** Takes a change; gives the cells that are no longer there. */
  change({ notebookDocument, change }: DidChangeNotebookDocumentParams): string[] {
    this.version = notebookDocument.version;
    const { structure, textContent } = change.cells ?? {};
    if (structure) {
      const { start, deleteCount, cells = [] } = structure.array;
      this.#order.splice(start, deleteCount, ...cells.map(({ document }) => document));
      for (const { uri, languageId, version, text } of structure.didOpen ?? []) {
        this.#documents.set(uri, TextDocument.create(uri, languageId, version, text));
      }
      for (const { uri } of structure.didClose ?? []) {
        this.#documents.delete(uri);
        this.#said.delete(uri);
      }
    }
    for (const { document, changes } of textContent ?? []) {
      const known = this.#documents.get(document.uri);
      if (known) this.#documents.set(document.uri, TextDocument.update(known, changes, document.version));
    }
    const before = this.#cells.map(({ uri }) => uri);
    this.#compose();
    const now = new Set(this.#cells.map(({ uri }) => uri));
    return before.filter((uri) => !now.has(uri));
  }

  /**
   * Whether the editor does not know yet that these are the problems of a cell. It does not where the cell was edited since: it moves marks
   * with the text.
   */
  isNews(cell: string, diagnostics: unknown): boolean {
    const said = JSON.stringify([this.#documents.get(cell)?.version, diagnostics]);
    if (this.#said.get(cell) === said) return false;
    this.#said.set(cell, said);
    return true;
  }

  #compose(): void {
    const cells = this.#order.flatMap((uri) => {
      const document = this.#documents.get(uri);
      return document ? [{ uri, text: document.getText() }] : [];
    });
    const composed = notebookText(cells);
    this.#text = composed.text;
    this.#cells = composed.cells;
  }
}
