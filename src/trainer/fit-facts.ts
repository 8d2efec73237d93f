import type { FitFacts, InspectFitParams } from '../protocol/inspect.ts';
import { TunebookError } from '../protocol/error.ts';
import { inspectModel, type InspectedModel } from './checkpoint/inspect-model.ts';
import { findStored } from './checkpoint/load-parameters.ts';
import { CPU_LOWERING } from './graph/graph.ts';
import { layOut } from './loop/layout.ts';
import { unknownModules, type MethodSettings } from './loop/method.ts';
import { asProblem } from './as-problem.ts';
import { buildTask, headFor, type Task } from './models/task.ts';
import { settingsOf, taskOf } from './size-facts.ts';

/** What is told; what keeps the folder from being read is told with the facts about the folder. */
const TOLD = new Set([
  'model/adapter-unsupported',
  'model/missing-weights',
  'model/no-head',
  'model/other-base',
  'model/shape-mismatch',
  'run/lora-needs-base',
  'run/no-target-modules',
  'run/not-linear',
  'run/other-adapter',
  'run/tied-module',
]);

/**
 * Whether a run fits its base model: what `tunebook plan` and `run` look at before they read a weight, from `config.json` and the headers
 * of the weights alone. `undefined` where the folder cannot be read.
 */
export function fitFacts(params: InspectFitParams): FitFacts | undefined {
  const settings = settingsOf(params);
  // How many labels the data have decides nothing here.
  const task = taskOf(settings.model.task, params.num_labels ?? 1);
  if (!task) return undefined;
  const facts: FitFacts = { unknown_modules: [], modules: [] };
  try {
    const model = inspectModel(params.folder);
    nameModules(facts, settings, task, model);
    const { bare, replaced } = layOut(settings, task, model.config, model);
    // How many outputs the head gets, only the run or its data say.
    if (!('numLabels' in task) || params.num_labels !== undefined)
      findStored(
        [...bare.parameters.values()].filter((parameter) => !replaced.includes(parameter)),
        model.base,
      );
  } catch (error) {
    if (!(error instanceof TunebookError)) throw error;
    if (TOLD.has(error.code)) facts.problem = asProblem(error, params.folder);
    else if (facts.modules.length === 0) return undefined;
  }
  return facts;
}

function nameModules(
  facts: FitFacts,
  settings: MethodSettings,
  task: Task,
  { config }: InspectedModel,
): void {
  const head = headFor(config, task);
  if (!head) return;
  const { builder } = buildTask(config, task, { training: false, lowering: CPU_LOWERING });
  const { unknown, modules } = unknownModules(settings, [...builder.parameters.values()], head);
  facts.unknown_modules = unknown;
  facts.modules = modules;
}
