import { dirname, relative } from 'node:path';
import { computedOutput } from '../../language/notebook/output/computed-output.ts';
import { datasetOutput } from '../../language/notebook/output/dataset-output.ts';
import { exportOutput } from '../../language/notebook/output/export-output.ts';
import { objectiveOutput } from '../../language/notebook/output/objective-output.ts';
import { promptOutput } from '../../language/notebook/output/prompt-output.ts';
import { resolveDataset, resolveObjective } from '../../language/resolve.ts';
import type { Kind } from '../../language/schema/kinds.ts';
import { readLossHistory } from '../../runs/loss-history.ts';
import { readResult } from '../../runs/read-result.ts';
import { readRun } from '../../runs/read.ts';
import type { CommandInput } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit-codes.ts';
import { exportDocument } from '../launch/export-document.ts';
import { launchEvaluation } from '../launch/launch-evaluation.ts';
import { launchRun, type Launched } from '../launch/launch-run.ts';
import type { CheckedConfig } from '../launch/open-checked.ts';
import { launchSweep } from '../sweep/launch-sweep.ts';
import { tellDataset } from './tell-dataset.ts';
import { tellObjective } from './tell-objective.ts';
import { tellPrompt } from './tell-prompt.ts';

/** What came of a document of a cell. */
export interface DocumentOutcome {
  code: ExitCode;
  /** The result as it is written into the notebook; empty for none. */
  markdown: string;
  /** The id of its run directory. */
  run?: string;
  /** A picture that the result shows, and where it lies as seen from the notebook. */
  picture?: { path: string; svg: string };
}

type Runner = (input: CommandInput, config: CheckedConfig, signal: AbortSignal) => Promise<DocumentOutcome>;

const RUNNERS: Record<Kind, Runner> = {
  dataset: async (_, { project, document }, signal) =>
    told(datasetOutput(await tellDataset(resolveDataset(project, document), signal))),
  prompt: async (_, config, signal) => told(promptOutput(await tellPrompt(config, signal))),
  run: async (...asked) => computed(asked[1], await launchRun(...asked)),
  sweep: async (...asked) => computed(asked[1], await launchSweep(...asked)),
  evaluate: async (...asked) => computed(asked[1], await launchEvaluation(...asked)),
  objective: async (_, { project, document, workspace }) => {
    const found = tellObjective(resolveObjective(project, document), workspace);
    return {
      code: found.verdict.met ? EXIT.done : EXIT.objectiveNotMet,
      markdown: objectiveOutput(found),
    };
  },
  export: async (...asked) => {
    const written = await exportDocument(...asked);
    return told(exportOutput(written, relative(dirname(asked[1].file), written.folder)));
  },
};

/**
 * Carries one document of a cell out: says what a data set holds or what a prompt asks, trains, tries, evaluates, judges, exports.
 * @throws TunebookError of data, models and the run directory; UsageError where the values of a sweep are wrong, which was printed
 */
export async function runDocument(
  input: CommandInput,
  config: CheckedConfig,
  signal: AbortSignal,
): Promise<DocumentOutcome | undefined> {
  const { kind } = config.document;
  return kind && (await RUNNERS[kind](input, config, signal));
}

function told(markdown: string): DocumentOutcome {
  return { code: EXIT.done, markdown };
}

function computed({ file }: CheckedConfig, { started, code }: Launched): DocumentOutcome {
  const { dir, manifest } = started;
  const content = { losses: () => readLossHistory(dir), result: () => readResult(dir) };
  return { code, run: manifest.id, ...computedOutput(readRun(dir), file, content) };
}
