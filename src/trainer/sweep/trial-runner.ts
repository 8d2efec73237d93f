import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { ResolvedSweep } from '../../language/resolved.ts';
import { TunebookError } from '../../protocol/error.ts';
import { listRuns } from '../../runs/list.ts';
import { readRun } from '../../runs/read.ts';
import { isFinal } from '../../protocol/events.ts';
import type { StopRequest } from '../../runs/stop.ts';
import type { CommandInput } from '../command-line/command.ts';
import { Interruption } from '../command-line/interruption.ts';
import { carryOut, type Outcome } from '../launch/carry-out.ts';
import type { Started } from '../launch/conduct.ts';
import { sourcesOf } from '../launch/fetch-sources.ts';
import type { Written } from '../launch/manifest.ts';
import type { CheckedConfig } from '../launch/open-checked.ts';
import { readResumable } from '../launch/resumable.ts';
import { RunOutput } from '../launch/run-output.ts';
import { runPlan } from '../launch/run-plan.ts';
import { start } from '../launch/start.ts';
import { training, type Metrics } from '../launch/training.ts';
import { readMetric } from './read-metric.ts';
import { valuesWord, type TrialResult } from './rank.ts';
import type { Trial } from './resolve-trials.ts';

type Until = (totalSteps: number) => number;

/** Trains the runs of a sweep, each in a directory of its own that names the sweep as its parent. */
export class TrialRunner {
  readonly #input: CommandInput;
  readonly #sweep: ResolvedSweep;
  readonly #id: string;
  readonly #written: (index: number) => Written;
  readonly #where: Pick<CheckedConfig, 'workspace' | 'host'>;
  readonly #stop: StopRequest;
  /** Run directories by the number of the run. */
  readonly #dirs: Map<number, string>;

  constructor(
    input: CommandInput,
    sweep: ResolvedSweep,
    /** Of the sweep. */
    { id, written }: { id: string; written: (index: number) => Written },
    where: Pick<CheckedConfig, 'workspace' | 'host'>,
    stop: StopRequest,
  ) {
    this.#input = input;
    this.#sweep = sweep;
    this.#id = id;
    this.#written = written;
    this.#where = where;
    this.#stop = stop;
    const known = listRuns(where.workspace).filter(
      ({ parent }) => parent?.as === 'sweep' && parent.id === id,
    );
    // Oldest last, so that of two the newer counts.
    this.#dirs = new Map(known.reverse().map(({ parent, dir }) => [parent?.trial ?? -1, dir]));
  }

  /** Trains a run until a step, from its beginning or from where it is. What goes wrong with it is its result. */
  async run(trial: Trial, until: Until): Promise<TrialResult> {
    const known = this.#dirs.get(trial.index);
    if (known !== undefined && existsSync(known)) {
      const { state } = readRun(known);
      if (state === 'finished') return this.#result(trial, known, state);
      if (!isFinal(state)) throw this.#runsElsewhere(known, state);
    }
    try {
      return await this.#train(trial, known !== undefined && existsSync(known) ? known : undefined, until);
    } catch (error) {
      if (!(error instanceof TunebookError) || this.#stop.requested) throw error;
      return { ...shared(trial), state: 'failed', why: error.message };
    }
  }

  /** Why a sweep has no best run. */
  nothingFound(results: readonly TrialResult[]): TunebookError {
    const why = results.find((result) => result.why !== undefined)?.why ?? 'none of them finished';
    return new TunebookError(
      'sweep/no-result',
      `No run of ${this.#sweep.name} gave a number for ${this.#sweep.metric}: ${why}`,
      { hint: '`tunebook runs` lists its runs, and `tunebook show` says what became of one.' },
    );
  }

  async #train(trial: Trial, dir: string | undefined, until: Until): Promise<TrialResult> {
    const signal = this.#input.interruption.toAbortSignal();
    const started = dir === undefined ? await this.#begin(trial, signal) : await this.#goOn(dir, signal);
    this.#dirs.set(trial.index, started.dir);
    const own = new Interruption();
    const forget = this.#stop.onRequest((reason) => own.stop.request(reason));
    const { terminal, flags } = this.#input;
    const output = new RunOutput(terminal, false, 'run', flags.json === true);
    output.say(`${trial.run.name}: ${valuesWord(trial.values)}`);
    const assignment = training({
      ...started,
      run: trial.run,
      sources: sourcesOf(trial.run, runPlan(trial.run), this.#where.workspace),
      resume: dir !== undefined,
      until,
      afterwards: '',
    });
    let outcome: Outcome<Metrics>;
    try {
      outcome = await carryOut<Metrics>({
        dir: started.dir,
        kind: 'run',
        interruption: own,
        onWriter: (writer) => output.attach(writer),
        onEvent: (event) => output.onEvent(event),
        device: () => {
          if (started.obstacle !== undefined || !started.manifest.device) throw started.obstacle;
          return started.manifest.device;
        },
        work: (writer, device, pause) => assignment.work({ writer, device, stop: own.stop, pause }),
      });
    } finally {
      forget();
    }
    if (outcome.state === 'failed')
      return { ...shared(trial), run: basename(started.dir), state: 'failed', why: outcome.error.message };
    const held = outcome.state === 'stopped' && !own.stop.requested;
    return this.#result(trial, started.dir, held ? 'held' : outcome.state);
  }

  async #begin({ run, values, index }: Trial, signal: AbortSignal): Promise<Started> {
    const parent = { id: this.#id, as: 'sweep' as const, trial: index, values };
    const input = { ...this.#input, flags: { ...this.#input.flags, id: undefined } };
    const sources = sourcesOf(run, { ...runPlan(run, this.#written(index)), parent }, this.#where.workspace);
    return await start(input, this.#where, sources, signal);
  }

  async #goOn(dir: string, signal: AbortSignal): Promise<Started> {
    return await readResumable(readRun(dir), this.#where.workspace, signal);
  }

  #result(trial: Trial, dir: string, state: TrialResult['state']): TrialResult {
    const { metric, why } = readMetric(dir, this.#sweep, trial.run.train.load_best_model_at_end);
    return {
      ...shared(trial),
      run: basename(dir),
      state,
      ...(metric === undefined ? {} : { metric }),
      ...(why === undefined ? {} : { why }),
    };
  }

  #runsElsewhere(dir: string, state: string): TunebookError {
    return new TunebookError('run/already-running', `${basename(dir)} of this sweep is ${state} already.`, {
      hint: 'Wait until it has ended, or stop it; then resume the sweep.',
      location: { file: dir },
    });
  }
}

function shared({ index, values, run }: Trial): Pick<TrialResult, 'index' | 'name' | 'values'> {
  return { index, name: run.name, values };
}
