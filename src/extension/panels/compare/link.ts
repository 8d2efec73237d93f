/** The permanent link to a row: `vscode://tunebook.tunebook/compare?run=ID&row=17`, rows counted from 0 as in `records.jsonl`. */
export interface RowLink {
  runId: string;
  row?: number;
}

/** The path of such a link. */
export const COMPARE_PATH = '/compare';

/** The query of a link. */
export function linkQuery({ runId, row }: RowLink): string {
  const query = new URLSearchParams({ run: runId });
  if (row !== undefined) query.set('row', String(row));
  return query.toString();
}

/** What a link names; undefined where it is none of ours. */
export function readLink(path: string, query: string): RowLink | undefined {
  const values = new URLSearchParams(query);
  const runId = values.get('run');
  if (path !== COMPARE_PATH || !runId) return undefined;
  const row = values.get('row');
  return row !== null && /^\d+$/.test(row) ? { runId, row: Number(row) } : { runId };
}
