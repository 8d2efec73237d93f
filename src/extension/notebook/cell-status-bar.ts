import * as vscode from 'vscode';
import { formatDuration } from '../../protocol/format.ts';
import type { CellStatus } from '../../protocol/notebook.ts';
import type { CellStatuses } from './cell-statuses.ts';
import { resultOf } from './serializer.ts';

const WORDS: Partial<Record<CellStatus['state'], { text: string; tooltip: string }>> = {
  stale: {
    text: '$(history) stale',
    tooltip: 'What this cell depends on has changed since its result. Run it again.',
  },
  fresh: {
    text: '$(check) unchanged',
    tooltip: 'Its result is of what the cell says now. Run All leaves it alone.',
  },
  broken: {
    text: '$(error) mistakes',
    tooltip: 'This cell, or what it refers to, has mistakes: see the Problems view.',
  },
};

/** Below each cell: whether its result is still true, the device, and how long it took the last time. */
export class CellStatusBar implements vscode.NotebookCellStatusBarItemProvider {
  readonly onDidChangeCellStatusBarItems: vscode.Event<void>;
  readonly #statuses: CellStatuses;

  constructor(statuses: CellStatuses) {
    this.#statuses = statuses;
    this.onDidChangeCellStatusBarItems = statuses.onDidChange;
  }

  async provideCellStatusBarItems(cell: vscode.NotebookCell): Promise<vscode.NotebookCellStatusBarItem[]> {
    if (cell.document.languageId !== 'tune') return [];
    const status = await this.#statuses.now(cell);
    if (!status) return [];
    const items: vscode.NotebookCellStatusBarItem[] = [];
    const words = WORDS[status.state];
    if (words) items.push(left(words.text, words.tooltip));
    if (status.documents.some(({ kind }) => kind === 'run')) {
      const device = /^\s*(?:target:.*)?device:\s*([\w-]+)|device:\s*([\w-]+)/m.exec(cell.document.getText());
      items.push(
        left(
          `$(server) ${device?.[1] ?? device?.[2] ?? 'auto'}`,
          'The device that it is computed on (target: { local: { device } })',
        ),
      );
    }
    const result = cell.outputs.map(resultOf).find((each) => each !== undefined);
    const seconds = result?.attributes.seconds;
    if (seconds !== undefined && result?.live === undefined) {
      items.push(left(`$(clock) ${formatDuration(seconds)}`, 'How long it took the last time'));
    }
    return items;
  }
}

function left(text: string, tooltip: string): vscode.NotebookCellStatusBarItem {
  const item = new vscode.NotebookCellStatusBarItem(text, vscode.NotebookCellStatusBarAlignment.Left);
  item.tooltip = tooltip;
  return item;
}
