import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { formatBytes } from '../../../protocol/format.ts';
import { hubCacheFolder } from '../../../runs/hub-cache.ts';
import { modelsInFolders, modelsInHubCache, modelsOfRuns, type FoundModel } from '../../../runs/models.ts';
import type { RunStore } from '../../runs/run-store.ts';
import { sideItem, type SideRow } from './side-view.ts';

const EXCLUDE = '**/{node_modules,.tunebook,.venv,.git}/**';

/** The Models view: results of runs, model folders of the window, and the cache of the Hugging Face Hub. */
export async function modelRows(store: RunStore): Promise<SideRow[]> {
  await store.refresh();
  const folders = await modelFolders();
  return [
    section('Results of runs', modelsOfRuns(store.runs)),
    section('In this folder', modelsInFolders(folders, store.runs)),
    section('Hugging Face cache', modelsInHubCache(hubCacheFolder(), store.runs)),
  ].filter(({ children }) => children !== undefined && children.length > 0);
}

/** Folders of the window that may hold a model. */
export async function modelFolders(): Promise<string[]> {
  const configs = await vscode.workspace.findFiles('**/{config,adapter_config}.json', EXCLUDE, 500);
  return [...new Set(configs.map((uri) => dirname(uri.fsPath)))].sort();
}

function section(label: string, models: readonly FoundModel[]): SideRow {
  const bytes = models.reduce((sum, each) => sum + each.bytes, 0);
  const item = sideItem(label, {
    icon: 'library',
    description: `${models.length} · ${formatBytes(bytes)}`,
    contextValue: 'section',
  });
  return { item, children: models.map(row) };
}

function row({ name, kind, bytes, usedBy, reference, folder }: FoundModel): SideRow {
  const used =
    usedBy.length === 0 ? [] : [`used by ${usedBy.length} ${usedBy.length === 1 ? 'run' : 'runs'}`];
  const item = sideItem(name, {
    icon: 'package',
    description: [kind, formatBytes(bytes), ...used].join(' · '),
    tooltip: [reference, folder, ...(usedBy.length > 0 ? [`Used by ${usedBy.join(', ')}`] : [])].join('\n'),
    contextValue: 'model',
  });
  item.id = `${reference}\n${folder}`;
  return { item };
}
