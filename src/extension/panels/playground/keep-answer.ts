import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CandidateSource } from '../../../protocol/evaluation.ts';
import type { KeepKind, KeepParams } from '../../../protocol/playground.ts';
import { asAnswer, writeDpoConfig, type CompletionRow, type PreferenceRow } from '../compare/preferences.ts';
import { inWorkspace, PREFERENCES_FOLDER } from '../compare/write-preferences.ts';
import { makeFolder } from '../../../runs/make-folder.ts';

/** What was written. */
export interface Kept {
  /** The file that has the rows, absolute. */
  data: string;
  /** The config that has a data set of them, absolute. */
  config: string;
  rows: number;
}

/**
 * Puts an answer into a data set of the workspace: as a row to train on, or as the better one of pairs. Texts and conversations go to files of
 * their own, since trainers take either. The config beside them gets what it lacks; what stands in it stays as it is.
 *
 * @param source the model that a run may learn with
 * @throws Error of the file system
 */
export function keepAnswer(
  workspace: string,
  { kind, keep }: { kind: KeepKind; keep: KeepParams },
  source: CandidateSource | undefined,
): Kept {
  const name = typeof keep.prompt === 'string' ? 'playground' : 'playground-chat';
  const file = kind === 'pair' ? `${name}.jsonl` : `${name}-edits.jsonl`;
  const folder = join(workspace, PREFERENCES_FOLDER);
  const [data, config] = [join(folder, file), join(folder, `${name}.tune.yaml`)];
  const rows = rowsOf(kind, keep);
  append(data, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const dataset = kind === 'pair' ? `${name}-preferences` : `${name}-edits`;
  const written = existsSync(config) ? readFileSync(config, 'utf8') : '';
  if (!new RegExp(`^dataset: *${dataset} *$`, 'm').test(written)) {
    const text = writeDpoConfig({
      name,
      source: source && inWorkspace(source, workspace),
      preferences: kind === 'pair' ? file : undefined,
      completions: kind === 'row' ? file : undefined,
      about: 'Answers that were found better than others in the playground.',
    });
    if (written === '') writeFileSync(config, text);
    else append(config, `---\n${text}`);
  }
  return { data, config, rows: rows.length };
}

function rowsOf(kind: KeepKind, { prompt, better, worse }: KeepParams): (PreferenceRow | CompletionRow)[] {
  if (kind === 'row') return [{ prompt, completion: asAnswer(prompt, better) }];
  return [...new Set(worse)]
    .filter((each) => each !== better)
    .map((each) => ({ prompt, chosen: asAnswer(prompt, better), rejected: asAnswer(prompt, each) }));
}

/** Puts a text behind a file's last line. */
function append(path: string, text: string): void {
  makeFolder(dirname(path));
  const isTorn = existsSync(path) && !/(^|\n)$/.test(readFileSync(path, 'utf8'));
  appendFileSync(path, `${isTorn ? '\n' : ''}${text}`);
}
