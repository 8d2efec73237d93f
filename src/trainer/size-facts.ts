import type { InspectSizeParams, SizeFacts } from '../protocol/inspect.ts';
import { TunebookError } from '../protocol/error.ts';
import type { ResolvedRun } from '../language/resolved.ts';
import { findStored } from './checkpoint/load-parameters.ts';
import { readModelFolder } from './checkpoint/model-folder.ts';
import { CPU_LOWERING } from './graph/graph.ts';
import { readMethod, type MethodSettings } from './loop/method.ts';
import { stateMemory } from './loop/memory.ts';
import { familyOf, parseModelConfig } from './models/config.ts';
import { totalElements } from './models/parameter.ts';
import { buildTask, headFor, type Task } from './models/task.ts';
import type { ModelSpec } from './runtime/model-spec.ts';

/**
 * How many parameters a run's model has, how many of them are trained, and the bytes of its state: what `tunebook plan` says, from
 * `config.json` and the headers of the weights alone. `undefined` where the folder cannot be read, or the task and the
 * method do not fit the model: the check says so.
 */
export function sizeFacts(params: InspectSizeParams): SizeFacts | undefined {
  const { folder, num_labels: numLabels } = params;
  const settings = settingsOf(params);
  const task = taskOf(settings.model.task, numLabels);
  if (!task) return undefined;
  try {
    const { config: fields, adapter } = readModelFolder(folder);
    if (!fields || adapter) return undefined;
    const config = parseModelConfig(fields, folder);
    const head = headFor(config, task);
    if (!head) return undefined;
    const parametersOf = (options: ModelSpec['options']) => [
      ...buildTask(config, task, {
        ...options,
        training: false,
        lowering: CPU_LOWERING,
      }).builder.parameters.values(),
    ];
    const bare = parametersOf({});
    const stored = new Set([...findStored(bare, folder).values()].map(({ name }) => name));
    const fresh = bare.map(({ name }) => name).filter((name) => !stored.has(name));
    const method = readMethod(settings, folder, fresh, head, familyOf(config));
    const parameters = parametersOf(method.adapter ? { adapter: method.adapter } : {});
    const trained = parameters.filter(method.isTrained);
    const { gradient_accumulation_steps, optim } = params;
    const memory = stateMemory({ train: { gradient_accumulation_steps, optim } }, { parameters, trained });
    return {
      parameters: { total: totalElements(parameters), trained: totalElements(trained) },
      stateMemory: memory.trained + memory.frozen,
    };
  } catch (error) {
    if (error instanceof TunebookError) return undefined;
    throw error;
  }
}

function settingsOf({ folder, ...params }: InspectSizeParams): MethodSettings {
  // SAFETY: the language resolves both, and leaves out what is not valid.
  const { task, method } = params as { task: ResolvedRun['model']['task']; method: ResolvedRun['method'] };
  return { file: folder, model: { task }, method };
}

function taskOf(kind: ResolvedRun['model']['task'], numLabels: number | undefined): Task | undefined {
  if (kind === 'fill-mask' || kind === 'text-generation') return { kind };
  return numLabels === undefined ? undefined : { kind, numLabels };
}
