import * as vscode from 'vscode';
import { checksum } from '../../language/notebook/output-mark.ts';
import { NOTEBOOK_REQUESTS, type CellStatus } from '../../protocol/notebook.ts';
import { resultOf } from './serializer.ts';

/** Asks the language server; `undefined` while there is none. */
export type AskServer = (method: string, params: unknown) => Promise<unknown>;

/** How the cells of open notebooks stand, as the language server says. */
export class CellStatuses implements vscode.Disposable {
  readonly #ask: AskServer;
  readonly #changed = new vscode.EventEmitter<void>();
  /** Fires when what was said may no longer be true. */
  readonly onDidChange = this.#changed.event;

  constructor(ask: AskServer) {
    this.#ask = ask;
  }

  changed(): void {
    this.#asked = new WeakMap();
    this.#changed.fire();
  }

  dispose(): void {
    this.#changed.dispose();
  }

  /** How a cell stood when something last changed: cells that are drawn together ask once. */
  async shown(cell: vscode.NotebookCell): Promise<CellStatus | undefined> {
    const { notebook } = cell;
    const index = codeCells(notebook).indexOf(cell);
    let asked = this.#asked.get(notebook);
    if (!asked) this.#asked.set(notebook, (asked = this.all(notebook)));
    const status = (await asked)[index];
    // A cell that was added meanwhile is not among them.
    return status ?? (await this.now(cell));
  }

  #asked = new WeakMap<vscode.NotebookDocument, Promise<CellStatus[]>>();

  /** How a cell stands now. */
  async now(cell: vscode.NotebookCell): Promise<CellStatus | undefined> {
    const index = codeCells(cell.notebook).indexOf(cell);
    return (await this.all(cell.notebook))[index];
  }

  /** How the cells of a notebook stand, those that are Markdown left out. */
  async all(notebook: vscode.NotebookDocument): Promise<CellStatus[]> {
    const results = codeCells(notebook).map((cell) => {
      const result = cell.outputs.map(resultOf).find((each) => each !== undefined);
      return result?.live === undefined ? (result?.attributes ?? null) : null;
    });
    const params = { uri: notebook.uri.toString(), results };
    // SAFETY: what the server answers to this request.
    return ((await this.#ask(NOTEBOOK_REQUESTS.status, params)) as CellStatus[] | null) ?? [];
  }

  /** The cell that holds a document. */
  async find(
    notebook: vscode.NotebookDocument,
    { kind, name }: { kind: string; name: string },
  ): Promise<vscode.NotebookCell | undefined> {
    const statuses = await this.all(notebook);
    const index = statuses.findIndex(({ documents }) =>
      documents.some((each) => each.kind === kind && each.name === name),
    );
    return codeCells(notebook)[index];
  }

  /** Whether a person changed the result below a cell in the file. */
  isEdited(cell: vscode.NotebookCell): boolean {
    return cell.outputs.some((output) => {
      const result = resultOf(output);
      const sum = result?.attributes.checksum;
      return result?.raw !== undefined && sum !== undefined && checksum(result.markdown) !== sum;
    });
  }
}

/** The cells of a notebook that are ours. */
export function codeCells(notebook: vscode.NotebookDocument): vscode.NotebookCell[] {
  return notebook.getCells().filter(({ document }) => document.languageId === 'tune');
}
