import { headline, runTitle, stateWord } from '../../../protocol/describe-run.ts';
import type { RunState } from '../../../protocol/events.ts';
import { fromWire } from '../../../protocol/numbers.ts';
import type { RunSummary } from '../../../protocol/run.ts';
import { newestFirst } from '../../../runs/newest-first.ts';

/** How the Runs view is arranged. */
export interface Arrangement {
  group: 'none' | 'state' | 'config';
  sort: 'newest' | 'oldest' | 'name' | 'loss';
  /** Words that all must be in a run's name, state, config, tags or numbers; `#tag` means a tag alone. Empty for all runs. */
  filter: string;
}

export const AS_THEY_COME: Arrangement = { group: 'none', sort: 'newest', filter: '' };

/** What the rows of the Runs view are: elements are run ids, or `group:NAME` for a heading. */
export interface Tree {
  /** In the order in which they are shown. */
  roots: string[];
  /** Of headings, and of sweeps. */
  children: ReadonlyMap<string, string[]>;
  /** What a heading says. */
  headings: ReadonlyMap<string, { label: string; count: number }>;
  parents: ReadonlyMap<string, string>;
  /** How many runs the filter left out. */
  hidden: number;
}

const GROUP = 'group:';

/** Whether an element of the tree is a heading. */
export function isHeading(element: string): boolean {
  return element.startsWith(GROUP);
}

/** Which states stand together, in the order in which people look for them. */
const STATES: [label: string, states: RunState[]][] = [
  ['Running', ['running', 'evaluating', 'preparing', 'stopping']],
  ['Paused', ['paused']],
  ['Queued', ['queued']],
  ['Failed', ['failed', 'lost']],
  ['Stopped', ['stopped']],
  ['Finished', ['finished']],
];

/** Arranges runs into rows. Runs of a sweep stand below it, and pinned ones before the others of their group. Pure. */
export function arrange(runs: readonly RunSummary[], arrangement: Arrangement): Tree {
  const fitting = runs.filter(matcher(arrangement.filter));
  const sorted = [...fitting].sort(comparer(arrangement.sort));
  const known = new Set(sorted.map(({ id }) => id));
  const children = new Map<string, string[]>();
  const parents = new Map<string, string>();
  const add = (parent: string, id: string) => {
    children.set(parent, [...(children.get(parent) ?? []), id]);
    parents.set(id, parent);
  };
  const top = sorted.filter(({ id, parent }) => {
    const isPart = parent?.as === 'sweep' && known.has(parent.id);
    if (isPart) add(parent.id, id);
    return !isPart;
  });
  const counted = { children, parents, hidden: runs.length - fitting.length };
  if (arrangement.group === 'none')
    return { roots: top.map(({ id }) => id), headings: new Map(), ...counted };
  const headings = new Map<string, { label: string; count: number }>();
  for (const run of top) {
    const label = arrangement.group === 'state' ? stateGroup(run.state) : run.file || 'without a config';
    const element = GROUP + label;
    headings.set(element, { label, count: (headings.get(element)?.count ?? 0) + 1 });
    add(element, run.id);
  }
  const order = STATES.map(([label]) => GROUP + label);
  const roots = [...headings.keys()];
  if (arrangement.group === 'state') roots.sort((a, b) => order.indexOf(a) - order.indexOf(b));
  return { roots, headings, ...counted };
}

function stateGroup(state: RunState): string {
  return STATES.find(([, states]) => states.includes(state))?.[0] ?? state;
}

function comparer(sort: Arrangement['sort']): (a: RunSummary, b: RunSummary) => number {
  const key: Record<Arrangement['sort'], (a: RunSummary, b: RunSummary) => number> = {
    newest: newestFirst,
    oldest: (a, b) => newestFirst(b, a),
    name: (a, b) => runTitle(a).localeCompare(runTitle(b), 'en', { numeric: true }) || newestFirst(a, b),
    loss: (a, b) => lossOf(a) - lossOf(b) || newestFirst(a, b),
  };
  return (a, b) => Number(b.meta?.pinned ?? false) - Number(a.meta?.pinned ?? false) || key[sort](a, b);
}

/** The evaluation's where there is one; runs without a number come last. */
function lossOf({ metrics }: RunSummary): number {
  const value = metrics['eval_loss'] ?? metrics['loss'];
  const number = value === undefined ? NaN : fromWire(value);
  return Number.isFinite(number) ? number : Number.MAX_VALUE;
}

function matcher(filter: string): (run: RunSummary) => boolean {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return () => true;
  return (run) => {
    const tags = run.meta?.tags?.map((tag) => tag.toLowerCase()) ?? [];
    const text = [
      run.id,
      runTitle(run),
      run.name,
      stateWord(run),
      run.file,
      headline(run),
      ...tags,
      run.meta?.notes,
    ]
      .filter((part) => part !== undefined)
      .join('\n')
      .toLowerCase();
    return words.every((word) => (word.startsWith('#') ? tags.includes(word.slice(1)) : text.includes(word)));
  };
}
