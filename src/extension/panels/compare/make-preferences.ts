import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import * as vscode from 'vscode';
import { TunebookError } from '../../../protocol/error.ts';
import type { CandidateSource } from '../../../protocol/evaluation.ts';
import { rate } from './bradley-terry.ts';
import type { CompareFeed } from './compare-feed.ts';
import { writeExport } from './export/write.ts';
import { completionsOf, preferencesOf, writeDpoConfig } from './preferences.ts';

/** Where votes become data, in the workspace folder. */
const FOLDER = 'preferences';

/**
 * Writes the votes as a preference data set (and edited answers as rows to train on) and, beside them, a config with a DPO run, and opens
 * it. A config that is there stays as it is; only the data are written anew.
 * @throws TunebookError `votes/none-decided`, `votes/no-model`
 */
export async function makePreferences(feed: CompareFeed): Promise<void> {
  const recordOf = (index: number) => feed.table.record(index);
  const { all, edits } = feed.votes;
  const made = preferencesOf(all, edits, recordOf);
  const completions = completionsOf(edits, recordOf);
  if (made.rows.length === 0)
    throw new TunebookError(
      'votes/none-decided',
      'No vote has a better side yet, so there is nothing to learn from.',
      {
        hint: 'Vote for the left or the right answer of some rows; ties and "both bad" make no pair.',
      },
    );
  const source = await pickModel(feed);
  if (!source) return;
  const workspace = join(feed.dir, '../../..');
  const name = feed.name.replace(/[^\w.-]/g, '-');
  const lines = (rows: readonly unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`);
  await writeExport(join(workspace, FOLDER, `${name}.jsonl`), lines(made.rows));
  if (completions.length > 0)
    await writeExport(join(workspace, FOLDER, `${name}-edits.jsonl`), lines(completions));
  const config = join(workspace, FOLDER, `${name}.tune.yaml`);
  const isNew = !existsSync(config);
  if (isNew)
    await writeExport(config, [
      writeDpoConfig({
        name,
        source: inWorkspace(source, workspace),
        preferences: `${name}.jsonl`,
        completions: completions.length > 0 ? `${name}-edits.jsonl` : undefined,
        pairs: made.rows.length,
      }),
    ]);
  await vscode.window.showTextDocument(vscode.Uri.file(config));
  const left = [
    made.undecided > 0 ? `${made.undecided} undecided` : '',
    made.unusable > 0 ? `${made.unusable} on equal or missing answers` : '',
  ].filter(Boolean);
  const rest = left.length > 0 ? ` Left out: ${left.join(', ')}.` : '';
  void vscode.window.showInformationMessage(
    `${made.rows.length} pairs were written to ${FOLDER}/${name}.jsonl.${rest}${isNew ? '' : ' The config was there already and stays as it is.'}`,
  );
}

/** The model to train: the strongest by the votes is offered first. */
async function pickModel(feed: CompareFeed): Promise<CandidateSource | undefined> {
  const sources = Object.entries(feed.result?.sources ?? {});
  if (sources.length === 0)
    throw new TunebookError('votes/no-model', 'This evaluation does not say yet where its models lie.', {
      hint: 'Wait until it has ended.',
    });
  const order = rate(feed.votes.all).map(({ candidate }) => candidate);
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  const items = sources
    .sort(([a], [b]) => place(a) - place(b))
    .map(([label, source]) => ({ label, description: source.run ?? source.folder, source }));
  if (items.length === 1) return items[0]?.source;
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Make Preference Data',
    placeHolder: 'Which model shall learn from the votes',
  });
  return picked?.source;
}

/** A folder as a config in {@link FOLDER} names it. */
function inWorkspace(source: CandidateSource, workspace: string): CandidateSource {
  const inside = relative(workspace, source.folder);
  return inside.startsWith('..') ? source : { ...source, folder: `../${inside.replaceAll('\\', '/')}` };
}
