import * as vscode from 'vscode';
import { findCellProblems } from '../../language/notebook/cell-problems.ts';
import { NOTEBOOK_TYPE } from './controller.ts';
import { sourceOf } from './serializer.ts';

/** How long the keyboard must be still before the Markdown is looked through, in milliseconds. */
const STILL_MS = 200;

/**
 * Puts into the Problems view what is wrong with the Markdown of open notebooks. The language server is told of their documents alone;
 * prose and fences only the editor of the notebook has.
 */
export class ProseProblems implements vscode.Disposable {
  readonly #shown = vscode.languages.createDiagnosticCollection('tunebook-notebook');
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #told = new Map<string, vscode.Uri[]>();
  readonly #disposables: vscode.Disposable[];

  constructor() {
    const isOurs = ({ notebookType }: vscode.NotebookDocument) => notebookType === NOTEBOOK_TYPE;
    this.#disposables = [
      this.#shown,
      vscode.workspace.onDidOpenNotebookDocument((each) => isOurs(each) && this.#soon(each)),
      vscode.workspace.onDidChangeNotebookDocument(
        ({ notebook }) => isOurs(notebook) && this.#soon(notebook),
      ),
      vscode.workspace.onDidCloseNotebookDocument((each) => this.#forget(each)),
      // A change in the text of a cell is one of its document alone.
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (document.uri.scheme !== 'vscode-notebook-cell') return;
        const notebook = vscode.workspace.notebookDocuments.find(
          (each) => isOurs(each) && each.getCells().some((cell) => cell.document === document),
        );
        if (notebook) this.#soon(notebook);
      }),
    ];
    for (const each of vscode.workspace.notebookDocuments) if (isOurs(each)) this.#soon(each);
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const each of this.#disposables) each.dispose();
  }

  #soon(notebook: vscode.NotebookDocument): void {
    const key = notebook.uri.toString();
    clearTimeout(this.#timers.get(key));
    this.#timers.set(
      key,
      setTimeout(() => {
        this.#timers.delete(key);
        if (!notebook.isClosed) this.#tell(notebook);
      }, STILL_MS),
    );
  }

  #tell(notebook: vscode.NotebookDocument): void {
    this.#clear(notebook);
    const cells = notebook.getCells();
    // Lines as the problems are counted in: the editor of a cell may have other line ends.
    const texts = cells.map(({ document }) => document.getText().replaceAll('\r\n', '\n'));
    const problems = findCellProblems(
      cells.map((cell, index) => {
        const source = sourceOf(cell.metadata);
        const kind = cell.kind === vscode.NotebookCellKind.Code ? 'cell' : 'prose';
        return { kind, text: texts[index]!, ...(source && { source }) };
      }),
    );
    const found = new Map<vscode.TextDocument, vscode.Diagnostic[]>();
    for (const { cell, start, end, code, message } of problems) {
      const { document } = cells[cell]!;
      const before = texts[cell]!.slice(0, start).split('\n');
      const line = before.length - 1;
      const column = before.at(-1)!.length;
      const range = new vscode.Range(line, column, line, column + end - start);
      const diagnostic = new vscode.Diagnostic(range, message, vscode.DiagnosticSeverity.Error);
      diagnostic.source = 'tunebook';
      diagnostic.code = code;
      found.set(document, [...(found.get(document) ?? []), diagnostic]);
    }
    for (const [{ uri }, diagnostics] of found) this.#shown.set(uri, diagnostics);
    this.#told.set(
      notebook.uri.toString(),
      [...found.keys()].map(({ uri }) => uri),
    );
  }

  #clear(notebook: vscode.NotebookDocument): void {
    for (const uri of this.#told.get(notebook.uri.toString()) ?? []) this.#shown.delete(uri);
    this.#told.delete(notebook.uri.toString());
  }

  #forget(notebook: vscode.NotebookDocument): void {
    clearTimeout(this.#timers.get(notebook.uri.toString()));
    this.#timers.delete(notebook.uri.toString());
    this.#clear(notebook);
  }
}
