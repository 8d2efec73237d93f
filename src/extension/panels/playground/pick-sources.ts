import * as vscode from 'vscode';
import { TunebookError } from '../../../protocol/error.ts';
import type { PlaygroundSource } from '../../../protocol/playground.ts';
import { hubCacheFolder } from '../../../runs/hub-cache.ts';
import { modelsInFolders, modelsInHubCache, modelsOfRuns } from '../../../runs/models.ts';
import type { RunStore } from '../../runs/run-store.ts';
import { findRunnables } from '../../runs/runnable.ts';
import { allConfigs } from '../../views/context-keys.ts';
import { modelFolders } from '../../views/side/models.ts';
import { sourceOfModel } from './sources.ts';

type Item = vscode.QuickPickItem & { source?: PlaygroundSource };

/**
 * Asks which candidates a playground shall have: evaluations of configs, models of runs, of folders and of the Hub's cache. Several may be
 * chosen.
 * @throws TunebookError `playground/nothing` where there is none
 */
export async function pickSources(store: RunStore): Promise<PlaygroundSource[]> {
  await store.refresh();
  const items = [
    ...section('Evaluations', await evaluations()),
    ...section('Results of runs', modelsOfRuns(store.runs).map(item)),
    ...section('In this folder', modelsInFolders(await modelFolders(), store.runs).map(item)),
    ...section('Hugging Face cache', modelsInHubCache(hubCacheFolder(), store.runs).map(item)),
  ];
  if (items.length === 0)
    throw new TunebookError(
      'playground/nothing',
      'There is no model in this window and none in the Hugging Face cache.',
      {
        hint: 'Train one, or write a config with an `evaluate:`.',
      },
    );
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Open Playground',
    placeHolder: 'Which candidates shall answer; one or several',
    canPickMany: true,
    matchOnDescription: true,
  });
  return (picked ?? []).flatMap(({ source }) => source ?? []);
}

async function evaluations(): Promise<Item[]> {
  const items: Item[] = [];
  for (const uri of await allConfigs()) {
    const text = Buffer.from(await vscode.workspace.fs.readFile(uri)).toString('utf8');
    for (const { kind, name } of findRunnables(text)) {
      if (kind !== 'evaluate') continue;
      const source: PlaygroundSource = { kind, name, file: uri.fsPath };
      items.push({
        label: name,
        description: `every candidate · ${vscode.workspace.asRelativePath(uri)}`,
        source,
      });
    }
  }
  return items;
}

function item(model: Parameters<typeof sourceOfModel>[0] & { kind: string }): Item {
  return {
    label: model.name,
    description: `${model.kind} · ${model.reference}`,
    source: sourceOfModel(model),
  };
}

function section(label: string, items: Item[]): Item[] {
  return items.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...items];
}
