import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { formatBytes } from '../../../protocol/format.ts';
import { readManifest } from '../../../runs/read.ts';
import type { RunStore } from '../../runs/run-store.ts';
import { allConfigs } from '../context-keys.ts';
import { sideItem, type SideRow } from './side-view.ts';

/** The Datasets view: every `dataset:` of the window's configs, its files and their sizes, and how many runs used it. */
export async function datasetRows(store: RunStore): Promise<SideRow[]> {
  const { readDatasets } = await import('../../later.ts');
  const configs = await allConfigs();
  const found = await readDatasets(configs.map(({ fsPath }) => fsPath));
  await store.refresh();
  const uses = countUses(store);
  return await Promise.all(
    found.map(async ({ name, file, line, format, files, problem }) => {
      const children = await Promise.all(files.map(fileRow));
      const runs = uses.get(name) ?? 0;
      const item = sideItem(name, {
        icon: problem === undefined ? 'database' : 'warning',
        description: [
          problem ?? format,
          vscode.workspace.asRelativePath(file),
          ...(runs > 0 ? [`used by ${runs} ${runs === 1 ? 'run' : 'runs'}`] : []),
        ].join(' · '),
        contextValue: 'dataset',
        command: open(file, line, 'Open Config'),
      });
      return { item, children };
    }),
  );
}

async function fileRow({ split, file }: { split: string; file: string }): Promise<SideRow> {
  const size = await stat(file).then(
    ({ size: bytes }) => formatBytes(bytes),
    () => 'is not there',
  );
  const item = sideItem(split, {
    icon: size === 'is not there' ? 'warning' : 'file',
    description: `${basename(file)} · ${size}`,
    tooltip: file,
    command: open(file, 0, 'Open File'),
  });
  return { item };
}

function open(file: string, line: number, title: string): vscode.Command {
  const selection = new vscode.Range(line, 0, line, 0);
  return { command: 'vscode.open', title, arguments: [vscode.Uri.file(file), { selection }] };
}

function countUses({ runs }: RunStore): Map<string, number> {
  const uses = new Map<string, number>();
  for (const { dir } of runs) {
    const names = readManifest(dir).manifest?.datasets.map(({ name }) => name) ?? [];
    for (const name of new Set(names)) uses.set(name, (uses.get(name) ?? 0) + 1);
  }
  return uses;
}
