import {
  COMPARE_CHIPS,
  COMPARE_SORTS,
  type ComparePanelState,
  type CompareQuery,
} from '../../../protocol/compare.ts';

/** What a panel shows that was never open before: every row in the order of the data, the first candidate against the last. */
export const INITIAL_QUERY: Readonly<CompareQuery> = { a: '', b: '', chip: 'all', sort: 'order' };

/**
 * What a panel kept over a reload, from whatever the window gives back. Undefined where not even the evaluation is known; parts that
 * cannot be used are those of {@link INITIAL_QUERY}.
 */
export function readCompareState(value: unknown): ComparePanelState | undefined {
  if (!isRecord(value) || typeof value['runId'] !== 'string') return undefined;
  const { runId, dir, open } = value;
  return {
    runId,
    query: readQuery(value['query']),
    ...(typeof dir === 'string' ? { dir } : {}),
    ...(Number.isSafeInteger(open) ? { open: Number(open) } : {}),
  };
}

function readQuery(value: unknown): CompareQuery {
  if (!isRecord(value)) return { ...INITIAL_QUERY };
  const { a, b, label, text } = value;
  const query: CompareQuery = {
    a: typeof a === 'string' ? a : '',
    b: typeof b === 'string' ? b : '',
    chip: COMPARE_CHIPS.find((chip) => chip === value['chip']) ?? INITIAL_QUERY.chip,
    sort: COMPARE_SORTS.find((sort) => sort === value['sort']) ?? INITIAL_QUERY.sort,
  };
  if (typeof label === 'string') query.label = label;
  if (typeof text === 'string') query.text = text;
  const [length, score] = [readRange(value['length']), readRange(value['score'])];
  if (length) query.length = length;
  if (score) query.score = score;
  return query;
}

function readRange(value: unknown): [number, number] | undefined {
  if (!Array.isArray(value)) return undefined;
  const [least, most] = value.map((limit: unknown) => limit);
  return typeof least === 'number' && typeof most === 'number' ? [least, most] : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
