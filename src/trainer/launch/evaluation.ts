import { join } from 'node:path';
import type { DataReference, ResolvedEvaluate } from '../../language/resolved.ts';
import { EXIT } from '../command-line/exit-codes.ts';
import { carryOutEvaluation } from '../evaluate/carry-out-evaluation.ts';
import type { EvaluationResult } from '../../protocol/evaluation.ts';
import { RUN_FILES, type RunManifest } from '../../protocol/run.ts';
import { describeObjective } from '../evaluate/judge.ts';
import { formatEvaluation } from '../evaluate/table.ts';
import { chooseDevice } from '../runtime/devices.ts';
import { shortPath } from '../terminal/describe-error.ts';
import type { Assignment } from './conduct.ts';
import { fetchSources, type Sources } from './fetch-sources.ts';
import type { Plan, Written } from './manifest.ts';

/** What `run.json` says of an evaluation. Without `written` nothing of it comes from the environment. */
export function evaluationPlan(
  evaluation: ResolvedEvaluate,
  written: Written = { config: evaluation },
): Plan {
  return {
    kind: 'evaluate',
    name: evaluation.name,
    file: evaluation.file,
    written,
    data: [evaluation.data, ...examplesOf(evaluation)],
    chooseDevice: () => chooseDevice('auto'),
  };
}

/** The rows that prompts take their examples from: they decide the answers as well. */
function examplesOf({ candidates }: ResolvedEvaluate): DataReference[] {
  return Object.values(candidates).flatMap(({ prompt }) => (prompt?.examples ? [prompt.examples.data] : []));
}

/** An evaluation, to be carried out in its directory; in one that was interrupted it goes on behind the last answer. */
export function evaluation(
  config: ResolvedEvaluate,
  manifest: RunManifest,
  dir: string,
  sources: Sources,
): Assignment<EvaluationResult> {
  const { id, name } = manifest;
  return {
    work: async ({ writer, device, stop }) => {
      if (!(await fetchSources(sources, manifest, { writer, stop }))) return { state: 'stopped' };
      const { state, result } = await carryOutEvaluation({ evaluation: config, writer, stop, device });
      if (state === 'stopped') return { state };
      if (!result) throw new Error('an evaluation finished without a result');
      return { state, result };
    },
    describe: (result) => [
      ...formatEvaluation(result).split('\n'),
      ...(result.objectives ?? []).flatMap((objective) => ['', describeObjective(objective)]),
    ],
    exitCode: ({ objectives = [] }) =>
      objectives.every(({ met }) => met) ? EXIT.done : EXIT.objectiveNotMet,
    nextStep: (state) => {
      if (state === 'stopped') return `tunebook resume ${id}   goes on where it stopped`;
      if (state === 'failed') return `tunebook show ${id}   shows all that is known of it`;
      return `look at single answers in ${shortPath(join(dir, RUN_FILES.records))}`;
    },
    lastObject: (outcome) =>
      outcome.state === 'finished'
        ? outcome.result
        : { type: 'finished', run: id, name, dir, state: outcome.state, metrics: {} },
  };
}
