import * as vscode from 'vscode';
import type { RunSummary } from '../../protocol/run.ts';
import type { RunStore } from '../runs/run-store.ts';
import { arrange, AS_THEY_COME, isHeading, type Arrangement, type Tree } from './tree/arrange.ts';
import { headingItem, runItem, runTooltip } from './run-item.ts';

/** Where the window remembers how the view is arranged. */
const KEY = 'tunebook.runs.arrangement';

/** The Runs view: every run, evaluation and sweep of the open folders, as the store has them and as the person arranges them. */
export class RunsView implements vscode.TreeDataProvider<string>, vscode.Disposable {
  readonly #store: RunStore;
  readonly #memory: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<string[] | undefined>();
  readonly #disposables: vscode.Disposable[] = [];
  #arrangement: Arrangement;
  #tree: Tree;
  #shown = new Map<string, string>();
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(store: RunStore, memory: vscode.Memento) {
    this.#store = store;
    this.#memory = memory;
    this.#arrangement = { ...AS_THEY_COME, ...memory.get<Partial<Arrangement>>(KEY) };
    this.#tree = arrange([], this.#arrangement);
    this.#disposables.push(this.#changed, { dispose: store.onDidChange(() => this.#update()) });
  }

  get arrangement(): Arrangement {
    return this.#arrangement;
  }

  /** How many runs the filter hides. */
  get hidden(): number {
    return this.#tree.hidden;
  }

  /** Arranges the rows anew, now and after a reload of the window. */
  async setArrangement(change: Partial<Arrangement>): Promise<void> {
    this.#arrangement = { ...this.#arrangement, ...change };
    this.#update();
    this.#changed.fire(undefined);
    await this.#memory.update(KEY, this.#arrangement);
  }

  async getChildren(element?: string): Promise<string[]> {
    if (element !== undefined) return this.#tree.children.get(element) ?? [];
    this.#tree = arrange(this.#store.runs, this.#arrangement);
    this.#shown = new Map(this.#store.runs.map((run) => [run.id, JSON.stringify(run)]));
    return this.#tree.roots;
  }

  getTreeItem(element: string): vscode.TreeItem {
    const heading = this.#tree.headings.get(element);
    if (heading) return headingItem(element, heading);
    const run = this.#store.get(element);
    return run ? runItem(run, this.#tree.children.get(element)?.length ?? 0) : new vscode.TreeItem(element);
  }

  /** Makes the tooltip of the one row that the mouse is over: those of 500 rows would delay all of them. */
  resolveTreeItem(item: vscode.TreeItem, element: string): vscode.TreeItem {
    const run = this.#store.get(element);
    if (run) item.tooltip = runTooltip(run);
    return item;
  }

  /** Needed by `TreeView.reveal`. */
  getParent(element: string): string | undefined {
    return this.#tree.parents.get(element);
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  /** Repaints the rows that changed; the whole tree only when rows come, go or change their places. */
  #update(): void {
    const before = this.#tree;
    this.#tree = arrange(this.#store.runs, this.#arrangement);
    if (placesOf(before) !== placesOf(this.#tree)) return this.#changed.fire(undefined);
    const changed = this.#store.runs.filter((run) => this.#differs(run));
    if (changed.length > 0) this.#changed.fire(changed.map((run) => run.id));
  }

  #differs(run: RunSummary): boolean {
    const text = JSON.stringify(run);
    if (this.#shown.get(run.id) === text) return false;
    this.#shown.set(run.id, text);
    return true;
  }
}

/** The runs among elements that were chosen. */
export function runsAmong(elements: readonly unknown[]): string[] {
  return elements.filter((each) => typeof each === 'string').filter((each) => !isHeading(each));
}

function placesOf({ roots, children }: Tree): string {
  return JSON.stringify([roots, [...children]]);
}
