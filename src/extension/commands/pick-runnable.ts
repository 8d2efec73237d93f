import * as vscode from 'vscode';
import { TunebookError } from '../../protocol/error.ts';
import { findRunnables, type Runnable } from '../runs/runnable.ts';
import { allConfigs } from '../views/context-keys.ts';

/** A document of a config file that is to be started. */
export interface Target {
  uri: vscode.Uri;
  runnable: Runnable;
}

/** What a command starts: trainings (runs and sweeps), or evaluations. */
export type Startable = 'run' | 'evaluate';

const WORDS = { run: 'run or sweep', evaluate: 'evaluation' } as const;
const ICONS = { run: 'play', evaluate: 'beaker', sweep: 'layers' } as const;

/**
 * Finds out what to start, and asks only what cannot be known: the lens says it all; in an editor the document under
 * the cursor or the only one of its kind is meant; otherwise the person picks one.
 * @param args what the command was called with: from a lens the file's URI and the name; from a menu the URI alone.
 * @throws TunebookError `launch/nothing` when there is nothing of the kind.
 */
export async function pickRunnable(kind: Startable, args: unknown[]): Promise<Target | undefined> {
  const [uri, name] = [toUri(args[0]), args[1]];
  if (uri && typeof name === 'string') {
    const runnable = (await inFile(uri, kind)).find((target) => target.runnable.name === name);
    if (runnable) return runnable;
    throw new TunebookError('launch/nothing', `No ${WORDS[kind]} in this file has the name ${name}.`, {
      location: { file: uri.fsPath },
    });
  }
  const editor = vscode.window.activeTextEditor;
  const file = uri ?? (editor?.document.languageId === 'tune' ? editor.document.uri : undefined);
  const here = file ? await inFile(file, kind) : [];
  const line =
    editor && file?.toString() === editor.document.uri.toString() ? editor.selection.active.line : -1;
  const atCursor = here.find(({ runnable }) => line >= runnable.start && line < runnable.end);
  if (atCursor ?? here.length === 1) return atCursor ?? here[0];
  return ask(kind, here.length > 0 ? here : await everywhere(kind));
}

async function ask(kind: Startable, targets: Target[]): Promise<Target | undefined> {
  if (targets.length === 0)
    throw new TunebookError('launch/nothing', `There is no ${WORDS[kind]} in the configs of this window.`, {
      hint: `Write a document with \`${kind}: NAME\` in a *.tune.yaml file, or start from "Tunebook: Open Example".`,
    });
  const items = targets.map((target) => ({
    label: target.runnable.name,
    description: vscode.workspace.asRelativePath(target.uri),
    iconPath: new vscode.ThemeIcon(ICONS[target.runnable.kind]),
    target,
  }));
  const title = kind === 'run' ? 'Run Config' : 'Evaluate Config';
  const placeHolder = `Which ${WORDS[kind]} to start`;
  return (await vscode.window.showQuickPick(items, { title, placeHolder, matchOnDescription: true }))?.target;
}

async function everywhere(kind: Startable): Promise<Target[]> {
  const perFile = await Promise.all((await allConfigs()).map((uri) => inFile(uri, kind)));
  return perFile.flat();
}

/** What an open editor holds counts, not what lies on disk. */
async function inFile(uri: vscode.Uri, kind: Startable): Promise<Target[]> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  const text = open?.getText() ?? Buffer.from(await vscode.workspace.fs.readFile(uri)).toString('utf8');
  return findRunnables(text)
    .filter((runnable) => (runnable.kind === 'evaluate') === (kind === 'evaluate'))
    .map((runnable) => ({ uri, runnable }));
}

function toUri(value: unknown): vscode.Uri | undefined {
  if (value instanceof vscode.Uri) return value;
  return typeof value === 'string' ? vscode.Uri.parse(value) : undefined;
}
