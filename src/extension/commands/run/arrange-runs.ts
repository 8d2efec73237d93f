import * as vscode from 'vscode';
import type { Arrangement } from '../../views/tree/arrange.ts';
import type { Services } from '../../services.ts';

const GROUPS: { label: string; group: Arrangement['group'] }[] = [
  { label: 'Do not group', group: 'none' },
  { label: 'Group by state', group: 'state' },
  { label: 'Group by config', group: 'config' },
];
const SORTS: { label: string; sort: Arrangement['sort'] }[] = [
  { label: 'Newest first', sort: 'newest' },
  { label: 'Oldest first', sort: 'oldest' },
  { label: 'By name', sort: 'name' },
  { label: 'Smallest loss first', sort: 'loss' },
];

/** `Tunebook: Group and Sort Runs`. */
export async function arrangeRuns({ runsView }: Services): Promise<void> {
  const { group, sort } = runsView.arrangement;
  const separator = { label: 'Order', kind: vscode.QuickPickItemKind.Separator };
  const items: (vscode.QuickPickItem & Partial<Arrangement>)[] = [
    ...GROUPS.map((each) => ({ ...each, ...(each.group === group ? { description: 'now' } : {}) })),
    separator,
    ...SORTS.map((each) => ({ ...each, ...(each.sort === sort ? { description: 'now' } : {}) })),
  ];
  const picked = await vscode.window.showQuickPick(items, { title: 'Group and Sort Runs' });
  if (picked?.group !== undefined) await runsView.setArrangement({ group: picked.group });
  if (picked?.sort !== undefined) await runsView.setArrangement({ sort: picked.sort });
}

/** `Tunebook: Filter Runs`. */
export async function filterRuns({ runsView }: Services): Promise<void> {
  const filter = await vscode.window.showInputBox({
    title: 'Filter Runs',
    value: runsView.arrangement.filter,
    placeHolder: 'failed lora #best',
    prompt: 'Words of a name, state, config, note or #tag, all of which must be there. Empty shows all runs.',
  });
  if (filter !== undefined) await runsView.setArrangement({ filter });
}

/** `Tunebook: Show All Runs`: takes the filter away. */
export async function showAllRuns({ runsView }: Services): Promise<void> {
  await runsView.setArrangement({ filter: '' });
}
