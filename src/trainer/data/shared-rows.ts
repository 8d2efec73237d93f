import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { findColumn, rolesOf } from '../../language/schema/formats.ts';
import type { InspectDataParams, InspectSharedParams, SharedRows } from '../../protocol/inspect.ts';
import { TunebookError } from '../../protocol/error.ts';
import { cutRows } from './cut-rows.ts';
import { makePauses } from './pause.ts';
import { readRows, type SourceRow } from './read.ts';

/** Roles of columns that are what should be answered to a row, and no part of what makes it the same row. */
const ANSWERS = new Set(['label', 'labels', 'tags']);

/** Files that are larger together are not compared while a person edits. */
const MAX_BYTES = 64 * 2 ** 20;

/**
 * How many rows of a split stand in another one too: the same texts in all columns that are given to the model, whatever the label.
 * `undefined` where the files are too large to compare, or cannot be read.
 * @throws the signal's reason when aborted
 */
export async function sharedRows(
  params: InspectSharedParams,
  { signal, maxBytes = MAX_BYTES }: { signal?: AbortSignal; maxBytes?: number } = {},
): Promise<SharedRows | undefined> {
  const files = [...params.train.files, ...params.eval.files];
  if (files.reduce((sum, file) => sum + sizeOf(file), 0) > maxBytes) return undefined;
  try {
    const trained = new Set<string>();
    for await (const { key } of keysOf(params.train, signal)) trained.add(key);
    const facts: SharedRows = { rows: 0, shared: 0 };
    for await (const { key, row } of keysOf(params.eval, signal)) {
      facts.rows++;
      if (!trained.has(key)) continue;
      facts.shared++;
      facts.first ??= { file: row.file, line: row.line };
    }
    return facts;
  } catch (error) {
    // What is wrong with the files is told by those who look at one of them.
    if (error instanceof TunebookError) return undefined;
    throw error;
  }
}

async function* keysOf(
  { files, columns, format, cut, sample_by }: InspectDataParams,
  signal: AbortSignal | undefined,
): AsyncGenerator<{ key: string; row: SourceRow }> {
  const roles = [...rolesOf(format), ...(columns['text_pair'] === undefined ? [] : ['text_pair'])];
  const asked = roles.filter((role) => !ANSWERS.has(role));
  const pause = makePauses({ signal });
  const reading = { signal, ...(sample_by && { sample_by }) };
  const isMeant = cut && (await cutRows(files, cut, reading));
  for await (const row of readRows(files, reading)) {
    if (isMeant && !isMeant()) continue;
    const names = Object.keys(row.values);
    const values = asked.map((role) => {
      const name = findColumn(format, role, columns[role] ?? role, names);
      return name === undefined ? null : row.values[name];
    });
    await pause(0);
    // Without its columns a row says nothing; that they lack is told by those who look at one split.
    if (values.every((value) => value === null || value === undefined)) return;
    yield { key: createHash('sha1').update(JSON.stringify(values)).digest('base64'), row };
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
