import { TunebookError } from '../../protocol/error.ts';
import type { LoraConfig, ResolvedRun } from '../../language/resolved.ts';
import { isTargeted, isTrainedByLora, Lora, type LoraOptions } from '../methods/lora.ts';
import type { LinearAdapter, LinearLayer } from '../models/builder.ts';
import type { Parameter } from '../models/parameter.ts';

/** What a run trains: everything, or an adapter and the modules that are saved whole. */
export interface Method {
  readonly adapter?: LinearAdapter;
  readonly lora?: { readonly config: LoraConfig; readonly modulesToSave: readonly string[] };
  readonly isTrained: (parameter: Parameter) => boolean;
}

/** The heads that PEFT saves whole with every adapter of a classifier. */
const CLASSIFIER_HEADS = ['classifier', 'score'];

/**
 * Reads `method:`. With LoRA, modules that the base model does not bring (`fresh`, names of parameters) are trained
 * and saved whole: PEFT would leave a fresh pooler frozen at random values and not save it, and the adapter
 * would be worthless elsewhere.
 */
export function readMethod(run: ResolvedRun, fresh: readonly string[]): Method {
  if (!('lora' in run.method)) return { isTrained: () => true };
  const config = run.method.lora;
  const heads =
    run.model.task === 'text-classification' ? CLASSIFIER_HEADS.filter((head) => hasModule(fresh, head)) : [];
  const whole = new Set([...(config.modules_to_save ?? []), ...heads, ...freshModules(fresh)]);
  if (run.model.task === 'text-classification') whole.add('classifier');
  const modulesToSave = [...whole].sort();
  const options: LoraOptions = { ...config, modules_to_save: modulesToSave };
  return {
    adapter: new Lora(options),
    lora: { config, modulesToSave },
    isTrained: ({ name }) => isTrainedByLora(name, options),
  };
}

/**
 * Makes sure that the adapter has something to sit on.
 * @throws TunebookError `run/no-target-modules` with the names there are
 */
export function checkTargets(method: Method, layers: readonly LinearLayer[], file: string): void {
  const { lora } = method;
  if (!lora) return;
  const options: LoraOptions = { ...lora.config, modules_to_save: lora.modulesToSave };
  if (layers.some(({ name }) => isTargeted(name, options))) return;
  const names = [...new Set(layers.map(({ name }) => name.split('.').at(-1) ?? name))].sort();
  throw new TunebookError(
    'run/no-target-modules',
    `target_modules ${JSON.stringify(lora.config.target_modules)} matches no linear layer of the model.`,
    { hint: `The model has: ${names.join(', ')}; or say all-linear.`, location: { file } },
  );
}

/** The last but one part of a fresh parameter's module: `pooler` of `bert.pooler.dense.weight`. */
function freshModules(fresh: readonly string[]): string[] {
  return fresh.some((name) => name.includes('.pooler.')) ? ['pooler'] : [];
}

function hasModule(names: readonly string[], module: string): boolean {
  return names.some((name) => name.split('.').includes(module));
}
