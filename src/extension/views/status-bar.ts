import * as vscode from 'vscode';
import type { RunSummary } from '../../protocol/run.ts';
import type { RunStore } from '../runs/run-store.ts';
import { describeRun, percentDone, timeLeft } from '../../protocol/describe-run.ts';

/** The one item in the status bar: what is running and how far it is. Hidden while nothing runs. */
export class StatusBar implements vscode.Disposable {
  readonly #store: RunStore;
  readonly #item: vscode.StatusBarItem;
  readonly #unsubscribe: () => void;

  constructor(store: RunStore) {
    this.#store = store;
    this.#item = vscode.window.createStatusBarItem('tunebook.runs', vscode.StatusBarAlignment.Left, 10);
    this.#item.name = 'Tunebook Runs';
    this.#unsubscribe = store.onDidChange(() => this.#update());
    this.#update();
  }

  dispose(): void {
    this.#unsubscribe();
    this.#item.dispose();
  }

  #update(): void {
    const live = this.#store.live;
    const newest = live[0];
    if (!newest) return this.#item.hide();
    const text = live.length === 1 ? oneRun(newest) : severalRuns(live);
    this.#item.text = `$(loading~spin) ${text}`;
    this.#item.tooltip = live.map((run) => `${run.name}: ${describeRun(run)}`).join('\n');
    this.#item.accessibilityInformation = { label: `Tunebook: ${text}` };
    this.#item.command = {
      command: 'tunebook.openMetrics',
      title: 'Open Metrics',
      arguments: live.length === 1 ? [newest.id] : [],
    };
    this.#item.show();
  }
}

function oneRun(run: RunSummary): string {
  const percent = percentDone(run);
  const parts = [percent === undefined ? run.state : `${percent} %`, timeLeft(run)];
  return `${run.name} ${parts.filter((part) => part !== undefined).join(' · ')}`;
}

function severalRuns(runs: readonly RunSummary[]): string {
  const shares = runs.map(percentDone).filter((percent) => percent !== undefined);
  const least = shares.length > 0 ? ` · ${Math.min(...shares)} %` : '';
  return `${runs.length} runs${least}`;
}
