import * as vscode from 'vscode';
import { formatDuration } from '../../protocol/format.ts';
import type { RunSummary } from '../../protocol/run.ts';
import { isFinal, type RunState } from '../../protocol/events.ts';
import { describeRun, elapsed, originOf, runTitle, stateWord } from '../../protocol/describe-run.ts';

const ICONS: Record<RunState, [icon: string, color?: string]> = {
  queued: ['clock'],
  preparing: ['loading~spin'],
  running: ['loading~spin', 'charts.blue'],
  evaluating: ['loading~spin', 'charts.blue'],
  paused: ['debug-pause', 'charts.yellow'],
  stopping: ['loading~spin', 'charts.yellow'],
  stopped: ['circle-slash', 'charts.yellow'],
  finished: ['pass', 'testing.iconPassed'],
  failed: ['error', 'testing.iconFailed'],
  lost: ['debug-disconnect', 'testing.iconFailed'],
};

/** The icon of a run in the tree and in pickers. A finished evaluation is told from a finished run by its beaker. */
export function runIcon(run: RunSummary): vscode.ThemeIcon {
  const [icon, color] = ICONS[run.state];
  const name = run.kind === 'evaluate' && run.state === 'finished' ? 'beaker' : icon;
  return new vscode.ThemeIcon(name, color === undefined ? undefined : new vscode.ThemeColor(color));
}

/** What runs have in common that stand below it. */
export function headingItem(id: string, { label, count }: { label: string; count: number }): vscode.TreeItem {
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Expanded);
  item.id = id;
  item.description = String(count);
  item.contextValue = 'heading';
  return item;
}

const KIND_WORDS = { run: 'run', evaluate: 'evaluation', sweep: 'sweep' } as const;

/**
 * A run as a row of the tree; a click opens its metrics. Its tooltip is made when it is asked for.
 * @param parts how many runs stand below it
 */
export function runItem(run: RunSummary, parts = 0): vscode.TreeItem {
  const { Collapsed, None } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(runTitle(run), parts > 0 ? Collapsed : None);
  // Below its sweep a run needs no words for it.
  const origin = run.parent?.as === 'sweep' ? undefined : originOf(run);
  const description = [run.meta?.pinned ? 'pinned' : undefined, describeRun(run), origin, ...tagsOf(run)]
    .filter((part) => part !== undefined && part !== '')
    .join(' · ');
  item.id = run.id;
  item.description = description;
  item.iconPath = runIcon(run);
  item.contextValue = contextOf(run);
  item.accessibilityInformation = {
    label: `${KIND_WORDS[run.kind]} ${runTitle(run)}, ${stateWord(run)}, ${description}`,
  };
  item.command = { command: 'tunebook.openMetrics', title: 'Open Metrics', arguments: [run.id] };
  return item;
}

/** What its menu may offer: `run ended resumable pinned`. */
function contextOf({ kind, state, meta }: RunSummary): string {
  const resumable = state === 'paused' || (isFinal(state) && state !== 'finished');
  return [
    kind,
    isFinal(state) ? 'ended' : 'live',
    ...(resumable ? ['resumable'] : []),
    ...(state === 'queued' ? ['queued'] : []),
    ...(kind === 'run' && (state === 'running' || state === 'evaluating') ? ['pausable'] : []),
    ...(meta?.pinned ? ['pinned'] : []),
  ].join(' ');
}

function tagsOf({ meta }: RunSummary): string[] {
  return (meta?.tags ?? []).map((tag) => `#${tag}`);
}

/** What a person reads who holds the mouse over a run. */
export function runTooltip(run: RunSummary): vscode.MarkdownString {
  const text = new vscode.MarkdownString('', true);
  text
    .appendMarkdown(`**`)
    .appendText(runTitle(run))
    .appendMarkdown(`** — ${stateWord(run)}\n\n`);
  const seconds = elapsed(run);
  const rows: [string, string | undefined][] = [
    ['Origin', run.parent && `${originOf(run)} (${run.parent.id})`],
    ['Reason', run.reason],
    ['Notes', run.meta?.notes],
    ['Tags', run.meta?.tags?.join(', ')],
    ['Error', run.error && [run.error.message, run.error.hint].filter(Boolean).join(' ')],
    ['Problem', run.problem],
    ['Config', run.file],
    ['Device', run.device?.description],
    ['Step', run.step > 0 ? `${run.step} (epoch ${run.epoch.toFixed(2)})` : undefined],
    ['Checkpoint', run.checkpoint?.path],
    ['Warnings', run.warnings > 0 ? String(run.warnings) : undefined],
    ['Started', run.createdAt === '' ? undefined : new Date(run.createdAt).toLocaleString()],
    ['Took', seconds !== undefined && run.finishedAt !== undefined ? formatDuration(seconds) : undefined],
    ['Id', run.id],
  ];
  for (const [name, value] of rows) {
    if (value === undefined || value === '') continue;
    text.appendMarkdown(`${name}: `).appendText(value).appendMarkdown('\n\n');
  }
  return text;
}
