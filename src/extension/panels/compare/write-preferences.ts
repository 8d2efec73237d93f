import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { TunebookError } from '../../../protocol/error.ts';
import type { CandidateSource } from '../../../protocol/evaluation.ts';
import type { CompareFeed } from './compare-feed.ts';
import { writeExport } from './export/write.ts';
import { completionsOf, preferencesOf, writeDpoConfig, type Preferences } from './preferences.ts';

/** Where votes become data, in the workspace folder. */
export const PREFERENCES_FOLDER = 'preferences';

/** What was written. */
export interface WrittenPreferences extends Preferences {
  /** The preference data set, absolute. */
  data: string;
  /** The config with the DPO run, absolute. */
  config: string;
  /** The config was not there before. */
  isNew: boolean;
}

/**
 * Writes the votes as a preference data set (and edited answers as rows to train on) and, beside them, a config with a DPO run. A config
 * that is there stays as it is; only the data are written anew.
 *
 * @param source the model to train
 * @throws TunebookError `votes/none-decided`
 */
export async function writePreferences(
  feed: CompareFeed,
  source: CandidateSource,
): Promise<WrittenPreferences> {
  const recordOf = (index: number) => feed.table.record(index);
  const { all, edits } = feed.votes;
  const made = preferencesOf(all, edits, recordOf);
  if (made.rows.length === 0) throw noneDecided();
  const completions = completionsOf(edits, recordOf);
  const workspace = join(feed.dir, '../../..');
  const name = feed.name.replace(/[^\w.-]/g, '-');
  const at = (ending: string) => join(workspace, PREFERENCES_FOLDER, `${name}${ending}`);
  const lines = (rows: readonly unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`);
  await writeExport(at('.jsonl'), lines(made.rows));
  if (completions.length > 0) await writeExport(at('-edits.jsonl'), lines(completions));
  const config = at('.tune.yaml');
  const isNew = !existsSync(config);
  const text = writeDpoConfig({
    name,
    source: inWorkspace(source, workspace),
    preferences: `${name}.jsonl`,
    completions: completions.length > 0 ? `${name}-edits.jsonl` : undefined,
    about: `What people preferred, blind, in the evaluation ${name}: ${made.rows.length === 1 ? '1 pair' : `${made.rows.length} pairs`}.`,
  });
  if (isNew) await writeExport(config, [text]);
  return { ...made, data: at('.jsonl'), config, isNew };
}

/** A folder as a config in {@link PREFERENCES_FOLDER} names it. */
export function inWorkspace(source: CandidateSource, workspace: string): CandidateSource {
  const inside = relative(workspace, source.folder);
  return inside.startsWith('..') ? source : { ...source, folder: `../${inside.replaceAll('\\', '/')}` };
}

function noneDecided(): TunebookError {
  return new TunebookError(
    'votes/none-decided',
    'No vote has a better side yet, so there is nothing to learn from.',
    { hint: 'Vote for the left or the right answer of some rows; ties and "both bad" make no pair.' },
  );
}
