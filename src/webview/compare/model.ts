import type {
  CompareDetail,
  CompareOverview,
  ComparePanelState,
  CompareQuery,
  CompareRow,
  CompareSelection,
  ToComparePanel,
  VoteSummary,
} from '../../protocol/compare.ts';

/** What the panel shows below its head. */
export type CompareTab = 'rows' | 'numbers' | 'votes';

/** What outputs are held against in the open row. */
export type DiffAgainst = 'reference' | 'a' | 'nothing';

/** Everything that the page shows. Never changed in place, but for `rows`, which is a cache of one selection. */
export interface CompareModel {
  state: ComparePanelState;
  query: CompareQuery;
  overview?: CompareOverview;
  selection?: CompareSelection;
  /** Rows of the selection that are here, by their place in it. */
  rows: ReadonlyMap<number, CompareRow>;
  /** Place of the row that the keyboard is on. */
  active: number;
  detail?: CompareDetail;
  votes?: VoteSummary;
  tab: CompareTab;
  against: DiffAgainst;
  /** The candidate whose answer is being edited. */
  editing?: string;
  /** Said to screen readers. */
  announcement: string;
}

/** The model of a page that has just been made. */
export function startModel(state: ComparePanelState): CompareModel {
  return {
    state,
    query: state.query,
    rows: new Map(),
    active: 0,
    tab: 'rows',
    against: 'reference',
    announcement: '',
  };
}

/** What survives a reload. */
export function stateOf({ state, query, detail }: CompareModel): ComparePanelState {
  const { open: _, ...rest } = state;
  return { ...rest, query, ...(detail ? { open: detail.index } : {}) };
}

/** Takes a message of the host. */
export function applyMessage(model: CompareModel, message: ToComparePanel): CompareModel {
  switch (message.type) {
    case 'overview': {
      const { type: _, ...overview } = message;
      return { ...model, overview };
    }
    case 'selection':
      return select(model, message);
    case 'rows':
      return message.version === model.selection?.version
        ? addRows(model, message.from, message.rows)
        : model;
    case 'detail':
      return message.detail ? open(model, message.detail) : model;
    case 'show':
      return model;
    case 'votes':
      return { ...model, votes: message.votes };
  }
}

function select(model: CompareModel, selection: CompareSelection): CompareModel {
  const { count, query } = selection;
  const isSame = sameRows(model.query, { ...query, a: model.query.a, b: model.query.b });
  const isOther = model.selection !== undefined && !sameRows(model.selection.query, query);
  const words = count === 1 ? '1 row' : `${count.toLocaleString('en-US')} rows`;
  return {
    ...model,
    query: isSame ? query : { ...model.query, a: query.a, b: query.b },
    selection,
    rows: new Map(),
    // Other rows begin at their top; the same ones, of which more have come, stay where they are.
    active: isOther ? 0 : Math.max(0, Math.min(model.active, count - 1)),
    announcement: model.selection?.count === count ? model.announcement : `${words}.`,
  };
}

/** Whether two queries ask for the same rows in the same order. */
export function sameRows(a: CompareQuery, b: CompareQuery): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(query: CompareQuery): [string, unknown][] {
  return Object.entries(query).sort(([a], [b]) => (a < b ? -1 : 1));
}

function addRows(model: CompareModel, from: number, rows: readonly CompareRow[]): CompareModel {
  const known = new Map(model.rows);
  rows.forEach((row, i) => known.set(from + i, row));
  return { ...model, rows: known };
}

function open(model: CompareModel, detail: CompareDetail): CompareModel {
  const active = detail.place >= 0 ? detail.place : model.active;
  const isOther = detail.index !== model.detail?.index;
  const { editing, ...rest } = model;
  return { ...rest, detail, active, ...(isOther || editing === undefined ? {} : { editing }) };
}

/** The stretches of rows, in steps of `page`, that lie between two places and are not here yet. */
export function missingPages(
  { rows, selection }: CompareModel,
  from: number,
  to: number,
  page: number,
): [from: number, to: number][] {
  const missing: [number, number][] = [];
  const end = Math.min(to, selection?.count ?? 0);
  for (let start = Math.floor(Math.max(0, from) / page) * page; start < end; start += page) {
    const last = Math.min(start + page, selection?.count ?? 0);
    if (!rows.has(start) || !rows.has(last - 1)) missing.push([start, last]);
  }
  return missing;
}
