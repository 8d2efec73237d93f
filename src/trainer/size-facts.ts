import type { InspectFitParams, InspectSizeParams, SizeFacts } from '../protocol/inspect.ts';
import { TunebookError } from '../protocol/error.ts';
import type { ResolvedRun } from '../language/resolved.ts';
import { readModelFolder } from './checkpoint/model-folder.ts';
import { layOut } from './loop/layout.ts';
import { stateMemory, stateNeeded } from './loop/memory-needs.ts';
import type { MethodSettings } from './loop/method.ts';
import { parseModelConfig } from './models/config.ts';
import { totalElements } from './models/parameter.ts';
import type { Task } from './models/task.ts';

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
    const model = { base: folder, adapter: undefined };
    const layout = layOut(settings, task, parseModelConfig(fields, folder), model);
    const { parameters, trained } = layout;
    const { gradient_accumulation_steps, optim } = params;
    const { method } = settings;
    const memory = stateMemory({ train: { gradient_accumulation_steps, optim }, method }, layout);
    return {
      parameters: { total: totalElements(parameters), trained: totalElements(trained) },
      stateMemory: stateNeeded(memory),
    };
  } catch (error) {
    if (error instanceof TunebookError) return undefined;
    throw error;
  }
}

/** `false` leaves weights as they are; a run that is resolved has none of it then. */
interface Bits {
  quantization?: { load_in_4bit?: boolean };
}

/** What decides what is trained, of a question that the language asks. */
export function settingsOf({ folder, ...params }: InspectFitParams): MethodSettings {
  // SAFETY: the language resolves both, and leaves out what is not valid.
  const { task, method } = params as {
    task: ResolvedRun['model']['task'];
    method: ResolvedRun['method'] & Bits;
  };
  const { quantization, ...whole } = method;
  const inFour = quantization && quantization.load_in_4bit !== false;
  return {
    file: folder,
    model: { task, base: folder, ...(params.ignore_mismatched_sizes && { ignore_mismatched_sizes: true }) },
    method: { ...whole, ...(inFour ? { quantization } : {}) },
  };
}

/** A task with its labels; undefined for a classifier whose labels are not known. */
export function taskOf(kind: ResolvedRun['model']['task'], numLabels: number | undefined): Task | undefined {
  if (kind === 'fill-mask' || kind === 'text-generation') return { kind };
  return numLabels === undefined ? undefined : { kind, numLabels };
}
