import type { ResolvedRun } from '../../language/resolved.ts';
import { toWire, type WireNumber } from '../../protocol/numbers.ts';
import type { RunManifest } from '../../protocol/run.ts';
import { train, type TrainOutcome, type TrainRequest } from '../loop/train.ts';
import { reportTo } from '../report/report-to.ts';
import { metricsTable } from '../terminal/metrics-table.ts';
import type { Assignment } from './conduct.ts';
import { fetchSources, type Sources } from './fetch-sources.ts';

/** The last value of each metric. */
export type Metrics = Record<string, number>;

export interface TrainingOptions {
  readonly run: ResolvedRun;
  readonly manifest: RunManifest;
  readonly dir: string;
  readonly sources: Sources;
  /** Go on from the newest checkpoint. */
  readonly resume?: boolean;
  /** After which step to hold, by the number of all steps: a round of a sweep. */
  readonly until?: TrainRequest['until'];
  /** The command that is worth trying when the run has finished. */
  readonly afterwards: string;
}

/** A training run, to be carried out. */
export function training({
  run,
  manifest,
  dir,
  sources,
  resume = false,
  until,
  afterwards,
}: TrainingOptions): Assignment<Metrics> {
  const { id, name } = manifest;
  return {
    work: async ({ writer, device, stop, pause }) => {
      if (!(await fetchSources(sources, manifest, { writer, stop }))) return { state: 'stopped' };
      const reporter = reportTo(run, manifest, writer);
      let outcome: TrainOutcome | undefined;
      try {
        outcome = await train({ run, writer, stop, device, resume, pause, until });
      } finally {
        reporter.end(outcome?.state ?? 'failed');
      }
      const { state, metrics } = outcome;
      const holds = state === 'stopped' && !stop.requested;
      const reason = 'Holds here until its sweep knows whether it goes on.';
      return { state, result: metrics, ...(holds ? { reason } : {}) };
    },
    describe: metricsTable,
    nextStep: (state) => {
      if (state === 'stopped') return `tunebook resume ${id}   goes on where it stopped`;
      return state === 'failed' ? `tunebook show ${id}   shows all that is known of it` : afterwards;
    },
    lastObject: (outcome) => {
      const metrics = outcome.state === 'failed' ? {} : (outcome.result ?? {});
      const wire = Object.entries(metrics).map(([key, value]) => [key, toWire(value)] as const);
      return {
        type: 'finished',
        run: id,
        name,
        dir,
        state: outcome.state,
        metrics: Object.fromEntries<WireNumber>(wire),
      };
    },
  };
}
