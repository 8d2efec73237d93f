import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { datasetOutput } from '../../language/notebook/output/dataset-output.ts';
import { evaluationOutput } from '../../language/notebook/output/evaluation-output.ts';
import { describeEnd, runOutput } from '../../language/notebook/output/run-output.ts';
import { lossPicture } from '../../protocol/loss-picture.ts';
import { picturePath } from '../../language/notebook/picture-path.ts';
import { readLossHistory } from '../../runs/loss-history.ts';
import type { Kind } from '../../language/schema/kinds.ts';
import { resolveDataset } from '../../language/resolve.ts';
import type { EvaluationResult } from '../../protocol/evaluation.ts';
import { RUN_FILES } from '../../protocol/run.ts';
import { readRun } from '../../runs/read.ts';
import type { CommandInput } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit-codes.ts';
import { launchEvaluation } from '../launch/launch-evaluation.ts';
import { launchRun } from '../launch/launch-run.ts';
import { tellDataset } from './tell-dataset.ts';
import type { CheckedConfig } from '../launch/open-checked.ts';

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

/** Kinds that something comes of; the others only declare what these use. */
const RUNNERS: Partial<Record<Kind, Runner>> = {
  dataset: runDataset,
  run: runTraining,
  evaluate: runEvaluation,
};

/**
 * Carries one document of a cell out: says what a data set holds, trains, evaluates. What is only declared has no outcome.
 * @throws TunebookError of data, models and the run directory
 */
export async function runDocument(
  input: CommandInput,
  config: CheckedConfig,
  signal: AbortSignal,
): Promise<DocumentOutcome | undefined> {
  const { kind } = config.document;
  return await (kind && RUNNERS[kind])?.(input, config, signal);
}

async function runDataset(
  _: CommandInput,
  { project, document }: CheckedConfig,
  signal: AbortSignal,
): Promise<DocumentOutcome> {
  const description = await tellDataset(resolveDataset(project, document), signal);
  return { code: EXIT.done, markdown: datasetOutput(description) };
}

async function runTraining(
  input: CommandInput,
  config: CheckedConfig,
  signal: AbortSignal,
): Promise<DocumentOutcome> {
  const { started, code } = await launchRun(input, config, signal);
  const { id, name } = started.manifest;
  const { train, eval: evaluated } = readLossHistory(started.dir);
  const svg = lossPicture(name, train, evaluated);
  const path = picturePath(config.file, name);
  return {
    code,
    markdown: runOutput(readRun(started.dir), svg === undefined ? undefined : path),
    run: id,
    ...(svg !== undefined && { picture: { path, svg } }),
  };
}

async function runEvaluation(
  input: CommandInput,
  config: CheckedConfig,
  signal: AbortSignal,
): Promise<DocumentOutcome> {
  const { started, code } = await launchEvaluation(input, config, signal);
  const run = started.manifest.id;
  if (code !== EXIT.done) return { code, markdown: describeEnd(readRun(started.dir)), run };
  // SAFETY: the trainer has just written it.
  const result = JSON.parse(readFileSync(join(started.dir, RUN_FILES.result), 'utf8')) as EvaluationResult;
  return { code, markdown: evaluationOutput(result), run };
}
