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
    const status = await this.#statuses.shown(cell);
    if (!status) return [];
    const items: vscode.NotebookCellStatusBarItem[] = [];
    const { state, gone, device, estimate } = status;
    const words = gone ? goneWords(gone) : WORDS[state];
    if (words) items.push(left(words.text, words.tooltip));
    if (device !== undefined)
      items.push(
        left(`$(server) ${device}`, 'The device that it is computed on (target: { local: { device } })'),
      );
    if (estimate && state !== 'fresh') {
      const from = { plan: 'as its plan has measured', 'last run': 'by how long the last one took' }[
        estimate.from
      ];
      const time = formatDuration(Math.max(1, Math.ceil(estimate.seconds)));
      items.push(left(`$(watch) about ${time}`, `How long it may take, ${from}`));
    }
    const result = cell.outputs.map(resultOf).find((each) => each !== undefined);
    const seconds = result?.attributes.seconds;
    if (seconds !== undefined && result?.live === undefined) {
      items.push(left(`$(clock) ${formatDuration(seconds)}`, 'How long it took the last time'));
    }
    return items;
  }
}

function goneWords(gone: readonly string[]): { text: string; tooltip: string } {
  return {
    text: '$(history) run is gone',
    tooltip: `Its result is of what the cell says now, but ${gone.join(', ')} is not on this machine any more. Run All runs it again.`,
  };
}

function left(text: string, tooltip: string): vscode.NotebookCellStatusBarItem {
  const item = new vscode.NotebookCellStatusBarItem(text, vscode.NotebookCellStatusBarAlignment.Left);
  item.tooltip = tooltip;
  item.accessibilityInformation = { label: `${text.replace(/\$\([\w-]+\) /, '')}. ${tooltip}` };
  return item;
}
