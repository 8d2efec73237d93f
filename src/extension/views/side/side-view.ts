import * as vscode from 'vscode';

/** A row of a view that only lists: with rows below it, or without. */
export interface SideRow {
  item: vscode.TreeItem;
  children?: SideRow[];
}

/**
 * A view that lists what is found when it is looked at: when it is first seen, when it is seen again, and when it is asked to. It has
 * no timer and no watcher, and holds nothing while it was never seen.
 */
export class SideView implements vscode.TreeDataProvider<SideRow>, vscode.Disposable {
  readonly #load: () => Promise<SideRow[]>;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #tree: vscode.TreeView<SideRow>;
  readonly #onError: (error: unknown) => void;
  readonly #subscription: vscode.Disposable;
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(id: string, load: () => Promise<SideRow[]>, onError: (error: unknown) => void) {
    this.#load = load;
    this.#onError = onError;
    this.#tree = vscode.window.createTreeView(id, { treeDataProvider: this });
    this.#subscription = this.#tree.onDidChangeVisibility(({ visible }) => visible && this.refresh());
  }

  /** Looks again, where the view is seen. */
  refresh(): void {
    if (this.#tree.visible) this.#changed.fire(undefined);
  }

  async getChildren(row?: SideRow): Promise<SideRow[]> {
    if (row) return row.children ?? [];
    try {
      return await this.#load();
    } catch (error) {
      this.#onError(error);
      return [];
    }
  }

  getTreeItem({ item, children }: SideRow): vscode.TreeItem {
    const { Expanded, None } = vscode.TreeItemCollapsibleState;
    if (item.collapsibleState === None && children !== undefined) item.collapsibleState = Expanded;
    return item;
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#tree.dispose();
    this.#changed.dispose();
  }
}

/** A row without rows below it. */
export function sideItem(
  label: string,
  fields: Partial<
    Pick<vscode.TreeItem, 'description' | 'tooltip' | 'command' | 'contextValue' | 'resourceUri'>
  > & {
    icon: string;
  },
): vscode.TreeItem {
  const { icon, ...rest } = fields;
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.None);
  item.iconPath = new vscode.ThemeIcon(icon);
  return Object.assign(item, rest);
}
