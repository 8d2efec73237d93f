import { relative, resolve } from 'node:path';
import * as vscode from 'vscode';
import { TunebookError } from '../../../protocol/error.ts';
import type { CandidateSource } from '../../../protocol/evaluation.ts';
import { rate } from './bradley-terry.ts';
import type { CompareFeed } from './compare-feed.ts';
import { writePreferences } from './write-preferences.ts';

/**
 * Makes data of the votes and a config of a run that learns from them, and opens the config.
 * @throws TunebookError `votes/none-decided`, `votes/no-model`
 */
export async function makePreferences(feed: CompareFeed): Promise<void> {
  const source = await pickModel(feed);
  if (!source) return;
  const { rows, undecided, unusable, data, config, isNew } = await writePreferences(feed, source);
  await vscode.window.showTextDocument(vscode.Uri.file(config));
  const left = [
    undecided > 0 ? `${undecided} undecided` : '',
    unusable > 0 ? `${unusable} on equal or missing answers` : '',
  ].filter(Boolean);
  const sentences = [
    `${rows.length === 1 ? '1 pair was' : `${rows.length} pairs were`} written to ${relative(resolve(feed.dir, '../../..'), data)}.`,
    left.length > 0 ? `Left out: ${left.join(', ')}.` : '',
    isNew ? '' : 'The config was there already and stays as it is.',
  ];
  void vscode.window.showInformationMessage(sentences.filter(Boolean).join(' '));
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
