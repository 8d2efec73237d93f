import type { ResolvedSweep } from '../../language/resolved.ts';
import { toWire } from '../../protocol/numbers.ts';
import { RUN_FILES, type RunManifest } from '../../protocol/run.ts';
import { environmentUnder } from '../../runs/environment.ts';
import type { RunWriter } from '../../runs/writer.ts';
import type { StopRequest } from '../../runs/stop.ts';
import type { CommandInput } from '../command-line/command.ts';
import type { Assignment } from '../launch/conduct.ts';
import type { Plan, Written } from '../launch/manifest.ts';
import type { CheckedConfig } from '../launch/open-checked.ts';
import { planRungs } from './halving.ts';
import { bestSentence, rank, sweepResult, valuesWord, type TrialResult } from './rank.ts';
import type { Trial } from './resolve-trials.ts';
import { TrialRunner } from './trial-runner.ts';

/** What `run.json` of a sweep holds as its config: enough to go on with it, whatever becomes of the file. */
export interface SweepConfig {
  readonly sweep: ResolvedSweep;
  readonly trials: readonly Trial[];
}

/** What `run.json` says of a sweep. Data and model are told by its runs. */
export function sweepPlan({ name, file, seed }: ResolvedSweep, written: Written): Plan {
  return { kind: 'sweep', name, file, written, data: [], seed };
}

/**
 * A sweep, to be carried out in its directory: run after run, each in a directory of its own. In one that was interrupted, runs
 * that have finished are left as they are, and those that have begun go on.
 */
export function sweeping(
  input: CommandInput,
  config: SweepConfig,
  { dir, manifest }: { dir: string; manifest: RunManifest },
  where: Pick<CheckedConfig, 'workspace' | 'host'>,
): Assignment<TrialResult[]> {
  const { sweep } = config;
  const written = (index: number) => writtenTrial(manifest, index);
  return {
    work: async ({ writer, stop }) => {
      writer.event({ type: 'state', state: 'running' });
      const runner = new TrialRunner(input, sweep, { id: manifest.id, written }, where, stop);
      const results = await tryAll(config, runner, writer, stop);
      if (stop.requested) return { state: 'stopped', result: results };
      const sentence = bestSentence(sweep, results);
      if (rank(results, sweep.mode).length === 0) throw runner.nothingFound(results);
      return { state: 'finished', result: results, reason: sentence };
    },
    describe: (results) => [
      ...rank(results, sweep.mode).map(
        ({ name, metric, values, state }) =>
          `  ${name}  ${sweep.metric} ${metric}${state === 'held' ? ', ended early' : ''}  (${valuesWord(values)})`,
      ),
      bestSentence(sweep, results),
    ],
    nextStep: (state) => {
      if (state === 'stopped') return `tunebook resume ${manifest.id}   goes on with the runs that are left`;
      return `tunebook runs   lists its runs`;
    },
    lastObject: (outcome) => ({
      type: 'finished',
      run: manifest.id,
      name: manifest.name,
      dir,
      state: outcome.state,
      ...(outcome.state !== 'failed' && outcome.result
        ? { best: rank(outcome.result, sweep.mode)[0], trials: outcome.result }
        : {}),
    }),
  };
}

/** A run of a sweep as the `run.json` of the sweep has it. */
function writtenTrial({ config, environment }: RunManifest, index: number): Written {
  // SAFETY: written by this program as the config of a sweep.
  const { trials } = config as SweepConfig;
  return { config: trials[index]?.run, environment: environmentUnder(environment, `/trials/${index}/run`) };
}

/** Round after round (of a grid and of a random sweep there is one). Gives what came of every run. */
async function tryAll(
  { sweep, trials }: SweepConfig,
  runner: TrialRunner,
  writer: RunWriter,
  stop: StopRequest,
): Promise<TrialResult[]> {
  const rungs =
    sweep.method === 'halving'
      ? planRungs(trials.length, sweep.eta, sweep.min_steps)
      : [{ count: trials.length, until: (total: number) => total }];
  const total = rungs.reduce((sum, { count }) => sum + count, 0);
  const results = new Map<number, TrialResult>();
  let done = 0;
  for (const { count, until } of rungs) {
    const round = results.size === 0 ? trials : rank([...results.values()], sweep.mode).slice(0, count);
    for (const { index } of round) {
      const trial = trials[index];
      if (!trial || stop.requested) break;
      const result = await runner.run(trial, until);
      results.set(index, result);
      tell(writer, sweep, result, [...results.values()], { done: ++done, total });
    }
    if (stop.requested) break;
  }
  return [...results.values()].sort((a, b) => a.index - b.index);
}

function tell(
  writer: RunWriter,
  sweep: ResolvedSweep,
  result: TrialResult,
  all: TrialResult[],
  { done, total }: { done: number; total: number },
): void {
  if (result.state === 'failed')
    writer.event({
      type: 'warning',
      code: 'sweep/run-failed',
      message: `${result.name} (${valuesWord(result.values)}) failed: ${result.why ?? ''}`,
      hint: 'The others go on; it does not count.',
    });
  const best = rank(all, sweep.mode)[0]?.metric;
  if (best !== undefined)
    writer.event({
      type: 'metrics',
      split: 'eval',
      step: done,
      epoch: done,
      values: { [`eval_${sweep.metric}`]: toWire(best) },
    });
  writer.writeFileAtomic(RUN_FILES.result, `${JSON.stringify(sweepResult(sweep, all))}\n`);
  writer.event({ type: 'progress', phase: 'sweep', done, total });
}
