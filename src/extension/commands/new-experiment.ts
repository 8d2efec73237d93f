import { dirname, relative } from 'node:path';
import { open } from 'node:fs/promises';
import * as vscode from 'vscode';
import { columnsOf, type DataFile } from '../../language/notebook/templates/data-file.ts';
import {
  EXPERIMENTS,
  newExperiment as write,
  type ExperimentKind,
} from '../../language/notebook/templates/new-experiment.ts';
import { TunebookError } from '../../protocol/error.ts';
import type { Services } from '../services.ts';

/** Bytes of a data file that are looked at for its columns. */
const START_BYTES = 64 * 1024;

/** `Tunebook: New Experiment`: asks what for and with which data, and opens a notebook that is saved already. */
export async function newExperiment(_: Services): Promise<void> {
  const kind = await pickKind();
  if (!kind) return;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const data = await pickData(folder);
  if (data === 'cancelled') return;
  const target = await vscode.window.showSaveDialog({
    title: 'New Experiment',
    filters: { 'Tunebook Experiment': ['tunebook.md'] },
    defaultUri: vscode.Uri.joinPath(
      data ? vscode.Uri.joinPath(data, '..') : (folder ?? vscode.Uri.file('/')),
      `${kind}.tunebook.md`,
    ),
  });
  if (!target) return;
  const uri = target.path.endsWith('.tunebook.md')
    ? target
    : target.with({ path: `${target.path}.tunebook.md` });
  if (uri.path !== target.path && (await exists(uri))) {
    throw new TunebookError('notebook/exists', `${uri.fsPath} is there already.`, {
      hint: 'Choose another name.',
    });
  }
  const file = data && (await readData(data.fsPath, dirname(uri.fsPath)));
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(write(kind, file)));
  await vscode.commands.executeCommand('vscode.openWith', uri, 'tunebook');
}

async function pickKind(): Promise<ExperimentKind | undefined> {
  const items = EXPERIMENTS.map(({ kind, title, detail }) => ({ label: title, detail, experiment: kind }));
  const picked = await vscode.window.showQuickPick(items, {
    title: 'New Experiment',
    placeHolder: 'What for',
  });
  return picked?.experiment;
}

async function pickData(folder: vscode.Uri | undefined): Promise<vscode.Uri | undefined | 'cancelled'> {
  const found = folder
    ? await vscode.workspace.findFiles('**/*.{csv,tsv,jsonl,ndjson,json}', '**/{node_modules,.*}/**', 200)
    : [];
  const files = found.filter(
    ({ path }) => !/(config|package(-lock)?|tokenizer|tsconfig|special_tokens_map)[^/]*\.json$/.test(path),
  );
  const items = [
    { label: 'Without data for now', uri: undefined },
    ...files
      .sort((a, b) => (a.path < b.path ? -1 : 1))
      .map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri })),
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: 'New Experiment',
    placeHolder: 'Which file to train on',
  });
  return picked ? picked.uri : 'cancelled';
}

async function readData(path: string, folder: string): Promise<DataFile> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(START_BYTES), 0, START_BYTES, 0);
    const start = buffer.subarray(0, bytesRead).toString('utf8');
    return { path: relative(folder, path).replaceAll('\\', '/'), columns: columnsOf(path, start) };
  } finally {
    await handle.close();
  }
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}
