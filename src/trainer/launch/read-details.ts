import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { EvaluationResult } from '../../protocol/evaluation.ts';
import type { RunEvent, WarningEvent } from '../../protocol/events.ts';
import { RUN_FILES, type RunManifest, type RunSummary } from '../../protocol/run.ts';
import { readManifest, RunReader } from '../../runs/read.ts';
import { listCheckpoints } from '../checkpoint/checkpoint.ts';

/** All that `tunebook show` tells of a run directory. */
export interface RunDetails extends RunSummary {
  manifest?: RunManifest;
  warningEvents: Pick<WarningEvent, 'code' | 'message' | 'hint'>[];
  /** The result of an evaluation. */
  result?: EvaluationResult;
  /** Absolute paths of what lies in the directory. */
  paths: { output?: string; log?: string; records?: string; checkpoints: string[] };
}

/** Reads a run directory. Never throws for what is wrong with it: see {@link RunSummary.problem}. */
export function readDetails(dir: string): RunDetails {
  const warningEvents: RunDetails['warningEvents'] = [];
  let result: EvaluationResult | undefined;
  const take = (event: RunEvent) => {
    if (event.type === 'warning') {
      const { code, message, hint } = event;
      warningEvents.push({ code, message, ...(hint === undefined ? {} : { hint }) });
    } else if (event.type === 'evaluation') ({ result } = event);
  };
  const summary = new RunReader(dir, (events) => events.forEach(take)).read();
  const { manifest } = readManifest(dir);
  const path = (name: string) => (existsSync(join(dir, name)) ? join(dir, name) : undefined);
  const [output, log, records] = [RUN_FILES.output, RUN_FILES.log, RUN_FILES.records].map(path);
  return {
    ...summary,
    ...(manifest ? { manifest } : {}),
    warningEvents,
    ...(result ? { result } : {}),
    paths: {
      ...(output === undefined ? {} : { output }),
      ...(log === undefined ? {} : { log }),
      ...(records === undefined ? {} : { records }),
      checkpoints: listCheckpoints(dir).map((step) => join(dir, `checkpoint-${step}`)),
    },
  };
}
