import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { rubricMetric } from '../../../../protocol/format.ts';
import type { EvaluationRecord } from '../../../../protocol/evaluation.ts';
import type { CompareFeed } from '../compare-feed.ts';
import type { Exported } from './exported.ts';
import { makeFolder } from '../../../../runs/make-folder.ts';

/** Characters that are written at once. */
const PIECE = 1 << 18;

/** What the panel shows now, for an export; rows are read from the records as they are asked for. */
export function exportedRows(feed: CompareFeed): Exported {
  const rows = feed.selectedRows;
  const { table } = feed;
  return {
    name: feed.name,
    runId: feed.runId,
    candidates: table.candidates,
    result: feed.result,
    isPart: rows.length < table.rows,
    rows: {
      *[Symbol.iterator]() {
        for (const row of rows) {
          const record = table.record(row);
          if (record) yield withRubric(record, feed);
        }
      },
    },
  };
}

/** The scores of a judge stand among those of an answer, by the names of their metrics. */
function withRubric(record: EvaluationRecord, { rubric }: CompareFeed): EvaluationRecord {
  for (const [name, answer] of Object.entries(record.outputs)) {
    const scores = Object.entries(rubric.scoresOf(record.index, name) ?? {});
    if (scores.length === 0) continue;
    const told = scores.map(([criterion, score]): [string, number] => [rubricMetric(criterion), score]);
    answer.scores = { ...answer.scores, ...Object.fromEntries(told) };
  }
  return record;
}

/**
 * Writes a file piece by piece and gives the event loop its turns; the file is there whole or not at all.
 * @throws Error of the file system
 */
export async function writeExport(path: string, content: Iterable<string>): Promise<void> {
  makeFolder(dirname(path));
  const temporary = `${path}.partial`;
  const file = openSync(temporary, 'w');
  try {
    let piece = '';
    for (const text of content) {
      piece += text;
      if (piece.length < PIECE) continue;
      writeSync(file, piece);
      piece = '';
      await setImmediate();
    }
    writeSync(file, piece);
    closeSync(file);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
