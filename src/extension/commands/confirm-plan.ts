import * as vscode from 'vscode';
import type { TunebookError } from '../../protocol/error.ts';
import { askForPlan, planWords, type PlanAnswer } from '../runs/plan.ts';
import type { Target } from './pick-runnable.ts';
import { sentenceRows } from './sentence-rows.ts';

interface Row extends vscode.QuickPickItem {
  action?: 'start' | 'open';
}

/**
 * Shows what a run would do, in one quick pick: steps, time, memory, disk, warnings. Enter starts it, also while the plan is still
 * being made. Whether it is to be started.
 * @param trainer may still be on its way: the first run of an installation copies it, and the pick is shown without waiting for that
 * @throws what `trainer` is rejected with
 */
export async function confirmPlan(
  { uri, runnable }: Target,
  trainer: Promise<string>,
  workspace: string,
): Promise<boolean> {
  const pick = vscode.window.createQuickPick<Row>();
  const start: Row = { label: `$(play) Start ${runnable.name}`, action: 'start', alwaysShow: true };
  const open: Row = { label: '$(go-to-file) Open Config', action: 'open', alwaysShow: true };
  pick.title = `Run ${runnable.name}`;
  pick.placeholder = 'Looking at the data and the model, and taking a few steps to measure';
  pick.busy = true;
  pick.items = [start, open];
  const abort = new AbortController();
  const chosen = new Promise<Row | undefined>((resolve) => {
    pick.onDidAccept(() => resolve(pick.selectedItems[0]));
    pick.onDidHide(() => resolve(undefined));
  });
  const asked = { file: uri.fsPath, name: runnable.name, workspace };
  const show = ({ plan, warnings, refusal }: PlanAnswer) => {
    if (abort.signal.aborted) return;
    pick.busy = false;
    pick.placeholder = plan ? 'Enter starts it, Escape leaves it' : 'It cannot be started as it is';
    const startPlanned: Row = { ...start, ...(plan ? { detail: planWords(plan) } : {}) };
    pick.items = [
      ...(refusal ? [open, startPlanned, ...whyNot(refusal)] : [startPlanned, open]),
      ...section(
        'Warnings',
        warnings.flatMap((text) => sentenceRows('warning', text)),
      ),
    ];
  };
  const planned = trainer.then((path) => askForPlan(path, asked, abort.signal)).then(show);
  pick.show();
  try {
    const row = await Promise.race([chosen, planned.then(() => chosen)]);
    if (row?.action === 'open') await vscode.window.showTextDocument(uri);
    return row?.action === 'start';
  } finally {
    abort.abort();
    pick.dispose();
  }
}

function whyNot({ message, hint }: TunebookError): Row[] {
  return section('Why not', [
    ...sentenceRows('error', message),
    ...(hint === undefined ? [] : sentenceRows('lightbulb', hint)),
  ]);
}

/** Rows below a heading; nothing where there are none. */
function section(heading: string, descriptions: readonly string[]): Row[] {
  if (descriptions.length === 0) return [];
  const rows = descriptions.map((description): Row => ({ label: '', description }));
  return [{ label: heading, kind: vscode.QuickPickItemKind.Separator }, ...rows];
}
