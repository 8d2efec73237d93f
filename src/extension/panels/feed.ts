import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  SYSTEM_METRICS,
  type MetricsUpdate,
  type MetricsView,
  type PanelEvaluation,
  type PanelRun,
  type PanelSamples,
  type PanelSeries,
  type RunParameters,
  type TablePage,
} from '../../protocol/webview.ts';
import { nameInId } from '../../protocol/describe-run.ts';
import { csvOf } from './export-csv.ts';
import { BlockLost } from '../../runs/columns/block-store.ts';
import { Follower } from './follower.ts';

/** A run of the panel; its directory is not known while the folders are still being looked at. */
export interface RunReference {
  id: string;
  dir?: string;
}

/** Finds the directory of a run; `searching` says that it may still turn up. */
export type Locate = (id: string) => { dir?: string; searching: boolean };

/** Before the page has said what it wants to see. */
const INITIAL_VIEW: MetricsView = { smoothing: 0, buckets: 800 };

/**
 * Makes what the metrics panel shows out of run directories, and remembers what was sent, so that each update holds only what
 * changed. Reads when it is told to and holds no timer and no watcher.
 */
export class MetricsFeed {
  readonly #locate: Locate;
  #runs: RunReference[] = [];
  #view = INITIAL_VIEW;
  readonly #followers = new Map<string, Follower>();
  /** What was sent, by what it is of: something that is another when the content is. */
  readonly #sent = new Map<string, unknown>();
  #cleared: string[] = [];

  constructor(locate: Locate) {
    this.#locate = locate;
  }

  get runs(): readonly RunReference[] {
    return this.#runs;
  }

  /** How the panel names its runs, in its order. */
  get names(): string[] {
    return this.#runs.map(({ id }) => this.#followers.get(id)?.summary?.name ?? nameInId(id));
  }

  /** Some run may still change by itself, or has not been found yet. */
  get live(): boolean {
    return this.#runs.some(({ id }) => this.#followers.get(id)?.live ?? this.#locate(id).searching);
  }

  /** Ends the following of all runs. */
  close(): void {
    for (const follower of this.#followers.values()) follower.close();
    this.#followers.clear();
  }

  /** All numbers of the runs that have been read, as CSV. May throw `BlockLost`. */
  csv(): string {
    const read = this.#runs.flatMap(({ id }) => {
      const follower = this.#followers.get(id);
      return follower
        ? [{ id, name: follower.summary?.name ?? nameInId(id), history: follower.history }]
        : [];
    });
    return csvOf(read);
  }

  setRuns(runs: readonly RunReference[]): void {
    const wanted = new Set(runs.map(({ id }) => id));
    for (const { id } of this.#runs) {
      if (wanted.has(id)) continue;
      this.#followers.get(id)?.close();
      this.#followers.delete(id);
      this.#clear(id);
    }
    this.#runs = runs.map((run) => ({ ...run }));
  }

  /** Puts the run that a run comes from before it. It lies beside it, or wherever it is found. */
  addParent(runId: string): void {
    const parent = this.#followers.get(runId)?.summary?.parent;
    if (!parent || this.#runs.some(({ id }) => id === parent.id)) return;
    const at = this.#runs.findIndex(({ id }) => id === runId);
    const own = this.#runs[at]?.dir;
    const beside = own === undefined ? undefined : join(dirname(own), parent.id);
    const isBeside = beside !== undefined && existsSync(beside);
    const added = { id: parent.id, ...(isBeside ? { dir: beside } : {}) };
    this.setRuns(this.#runs.toSpliced(at, 0, added));
  }

  setView(view: MetricsView): void {
    this.#view = view;
  }

  /** The page is new and knows nothing: the next update holds everything. */
  resend(): void {
    this.#sent.clear();
    this.#cleared = [];
  }

  /** Reads what is new, for about `milliseconds`. True when more is left to read. */
  read(milliseconds: number): boolean {
    const until = performance.now() + milliseconds;
    for (const run of this.#runs) {
      run.dir ??= this.#locate(run.id).dir;
      if (run.dir === undefined) continue;
      let follower = this.#followers.get(run.id);
      if (!follower) this.#followers.set(run.id, (follower = new Follower(run.dir)));
      follower.read(until);
      if (follower.takeReset()) this.#clear(run.id);
    }
    return [...this.#followers.values()].some((follower) => follower.more);
  }

  /** What changed since the last update; undefined when nothing did. */
  takeUpdate(): MetricsUpdate | undefined {
    const cleared = this.#cleared;
    try {
      return this.#update();
    } catch (error) {
      if (!(error instanceof BlockLost)) throw error;
      this.#cleared = cleared;
      // Somebody deleted a cache while it was in use: the events are the truth, and everything is sent once more as they come.
      for (const follower of this.#followers.values()) follower.restart();
      this.#sent.clear();
      return undefined;
    }
  }

  #update(): MetricsUpdate | undefined {
    const update: MetricsUpdate = {};
    if (this.#cleared.length > 0) update.cleared = this.#cleared;
    this.#cleared = [];
    const runs = this.#runs.map((run) => this.#panelRun(run));
    if (this.#isNew('runs', JSON.stringify(runs))) update.runs = runs;
    const parameters = this.#runs.flatMap(({ id }) => this.#newParameters(id));
    if (parameters.length > 0) update.parameters = parameters;
    const series = this.#runs.flatMap(({ id }) => this.#changedSeries(id));
    if (series.length > 0) update.series = series;
    const evaluations = this.#runs.flatMap(({ id }) => this.#changedEvaluations(id));
    if (evaluations.length > 0) update.evaluations = evaluations;
    const samples = this.#runs.flatMap(({ id }) => this.#newSamples(id));
    if (samples.length > 0) update.samples = samples;
    const table = this.#changedTable();
    if (table) update.table = table;
    const loading = [...this.#followers.values()].some((follower) => follower.more);
    if (this.#isNew('loading', String(loading))) update.loading = loading;
    return Object.keys(update).length > 0 ? update : undefined;
  }

  #panelRun({ id, dir }: RunReference): PanelRun {
    const follower = this.#followers.get(id);
    const run: PanelRun = { id, notices: follower ? [...follower.history.notices, ...follower.alerts] : [] };
    if (dir !== undefined) run.dir = dir;
    if (follower?.summary) run.summary = follower.summary;
    else run.absent = this.#whyAbsent(id, dir);
    return run;
  }

  #whyAbsent(id: string, dir: string | undefined): string {
    if (dir !== undefined) return `Its folder is no longer there: ${dir}. It was deleted or moved.`;
    if (this.#locate(id).searching) return 'Looking for this run.';
    return 'No run with this id is in the open folders. It was deleted, or its folder is not open.';
  }

  #newParameters(runId: string): RunParameters[] {
    const values = this.#followers.get(runId)?.parameters;
    return values && this.#isNew(keyOf('parameters', runId), values)
      ? [{ runId, values: { ...values } }]
      : [];
  }

  #changedSeries(runId: string): PanelSeries[] {
    const history = this.#followers.get(runId)?.history;
    if (!history) return [];
    const changed: PanelSeries[] = [];
    for (const { metric, split, series } of history.metrics) {
      const { smoothing, range, buckets, axis = 'step', logX = false } = this.#view;
      const weight = isSmoothed(split, metric) ? smoothing : 0;
      const stamp = [series.version, weight, axis, logX, range, buckets, history.resumedAt].join('|');
      if (!this.#isNew(keyOf('series', runId, split, metric), stamp)) continue;
      const steps = range && history.axes.stepsWithin(axis, range);
      const drawn = series.draw({ smoothing: weight, buckets, logX, ...(steps ? { range: steps } : {}) });
      const facts = series.facts(history.resumedAt);
      changed.push({ runId, metric, split, ...history.axes.move(axis, { ...drawn, facts }) });
    }
    return changed;
  }

  #changedEvaluations(runId: string): PanelEvaluation[] {
    const evaluations = [...(this.#followers.get(runId)?.history.evaluations ?? [])];
    return evaluations
      .filter(([name, result]) => this.#isNew(keyOf('evaluation', runId, name), result))
      .map(([name, result]) => ({ runId, name, result }));
  }

  #newSamples(runId: string): PanelSamples[] {
    const samples = this.#followers.get(runId)?.history.samples;
    if (!samples || (samples.length === 0 && !this.#sent.has(keyOf('samples', runId)))) return [];
    return this.#isNew(keyOf('samples', runId), samples) ? [{ runId, samples: [...samples] }] : [];
  }

  #changedTable(): TablePage | undefined {
    const { table } = this.#view;
    const history = table && this.#followers.get(table.runId)?.history;
    if (!history) return undefined;
    const page = history.page(table.runId, table.page);
    return this.#isNew('table', JSON.stringify(page)) ? page : undefined;
  }

  #clear(runId: string): void {
    this.#cleared.push(runId);
    for (const key of this.#sent.keys()) if (key.split(SEPARATOR)[1] === runId) this.#sent.delete(key);
  }

  /** Whether something differs from what was sent; from now on it counts as sent. */
  #isNew(key: string, stamp: unknown): boolean {
    if (this.#sent.get(key) === stamp) return false;
    this.#sent.set(key, stamp);
    return true;
  }
}

/** Evaluations and numbers of the machine are few and far between, and the learning rate is set, not measured: they are shown as they are. */
function isSmoothed(split: PanelSeries['split'], metric: string): boolean {
  return split === 'train' && metric !== 'learning_rate' && !metric.startsWith(SYSTEM_METRICS);
}

/** What no id of a run can hold. */
const SEPARATOR = '\n';

function keyOf(...parts: string[]): string {
  return parts.join(SEPARATOR);
}
