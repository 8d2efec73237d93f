import * as vscode from 'vscode';
import type { RunSummary } from '../../protocol/run.ts';
import type { RunStore } from '../runs/run-store.ts';
import { runItem } from './run-item.ts';

/** The Runs view: every run and evaluation of the open folders, newest first, as the store has them. */
export class RunsView implements vscode.TreeDataProvider<string>, vscode.Disposable {
  readonly #store: RunStore;
  readonly #changed = new vscode.EventEmitter<string[] | undefined>();
  readonly #disposables: vscode.Disposable[] = [];
  #shown = new Map<string, string>();
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(store: RunStore) {
    this.#store = store;
    this.#disposables.push(this.#changed, { dispose: store.onDidChange(() => this.#update()) });
  }

  async getChildren(id?: string): Promise<string[]> {
    if (id !== undefined) return [];
    const runs = this.#store.runs;
    this.#shown = new Map(runs.map((run) => [run.id, JSON.stringify(run)]));
    return runs.map((run) => run.id);
  }

  getTreeItem(id: string): vscode.TreeItem {
    const run = this.#store.get(id);
    return run ? runItem(run) : new vscode.TreeItem(id);
  }

  /** Needed by `TreeView.reveal`. */
  getParent(): undefined {
    return undefined;
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  /** Repaints the rows that changed; the whole tree only when runs came or went. */
  #update(): void {
    const runs = this.#store.runs;
    const same = runs.length === this.#shown.size && runs.every((run) => this.#shown.has(run.id));
    if (!same) return this.#changed.fire(undefined);
    const changed = runs.filter((run) => this.#differs(run));
    if (changed.length > 0) this.#changed.fire(changed.map((run) => run.id));
  }

  #differs(run: RunSummary): boolean {
    const text = JSON.stringify(run);
    if (this.#shown.get(run.id) === text) return false;
    this.#shown.set(run.id, text);
    return true;
  }
}
