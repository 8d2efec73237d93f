import type { ResolvedRun } from '../../language/resolved.ts';
import { optimizerOf } from '../../language/schema/optimizers.ts';
import { TunebookError } from '../../protocol/error.ts';
import { checkMissing, type InspectedModel } from '../checkpoint/inspect-model.ts';
import { namesStored, otherShapes } from '../checkpoint/load-parameters.ts';
import { checkAdded } from '../checkpoint/other-base.ts';
import { CPU_LOWERING } from '../graph/graph.ts';
import type { LinearLayer, ModelBuilder } from '../models/builder.ts';
import { familyOf, type ModelConfig } from '../models/config.ts';
import { mayBeFresh, type Head } from '../models/family.ts';
import type { Parameter } from '../models/parameter.ts';
import { buildTask, headFor, type Task } from '../models/task.ts';
import type { ModelSpec } from '../runtime/model-spec.ts';
import {
  checkModulesToSave,
  checkTargets,
  continueAdapter,
  readMethod,
  type Method,
  type MethodSettings,
} from './method.ts';
import { quantizedLayers } from './quantize-weights.ts';

/** A run's model before any of its weights is read: what its config and the headers of its files say. */
export interface ModelLayout {
  readonly config: ModelConfig;
  readonly task: Task;
  /** The model as its files have it, without what the method adds or keeps in 4 bits. */
  readonly bare: ModelBuilder;
  /** Weights of the head that the base has in another size, and that start anew (`ignore_mismatched_sizes`). */
  readonly replaced: readonly Parameter[];
  readonly quantized: ((layer: LinearLayer) => boolean) | undefined;
  readonly method: Method;
  /** Whether the run goes on with the adapter of its base. */
  readonly continues: boolean;
  readonly options: ModelSpec['options'];
  /** The linear layers that the run computes. */
  readonly linearLayers: readonly LinearLayer[];
  /** Every parameter that the run computes with, and those that are trained. */
  readonly parameters: readonly Parameter[];
  readonly trained: readonly Parameter[];
}

/**
 * Finds out what a run's model consists of. Reads headers only.
 * @param model where the weights are; absent for a model from scratch
 * @throws TunebookError what of model, task and method does not fit
 */
export function layOut(
  run: MethodSettings,
  task: Task,
  config: ModelConfig,
  model: Pick<InspectedModel, 'base' | 'adapter'> | undefined,
): ModelLayout {
  const head = headFor(config, task) ?? noHead(run, config);
  const { base, adapter: before } = model ?? {};
  const build = (options: ModelSpec['options']) =>
    buildTask(config, task, { ...options, training: false, lowering: CPU_LOWERING }).builder;

  // Which modules the base lacks decides what LoRA must save whole, so the bare model is looked at first.
  const bare = build({});
  const known = [...bare.parameters.values()];
  const stored = base === undefined ? new Set<string>() : namesStored(known, base);
  const replaced = base === undefined ? [] : replacedHead(run, known, head, base);
  for (const { name } of replaced) stored.delete(name);
  const fresh = known.filter(({ name }) => !stored.has(name));
  if (base !== undefined) checkMissing(fresh, head, base);
  if (base !== undefined && before) {
    const adapted = build({ adapter: before.lora });
    const parameters = [...adapted.parameters.values()];
    checkAdded({ base, config, adapter: before }, parameters, adapted.linearLayers, head.tied);
  }
  const continues = before !== undefined && 'lora' in run.method;
  const names = fresh.map(({ name }) => name);
  const method = continues
    ? continueAdapter(run, before.lora, head, bare.linearLayers)
    : readMethod(run, base, names, head, familyOf(config));
  const quantized = quantizedLayers(run, head, before?.lora.options.modules_to_save);
  const options = {
    ...(quantized ? { quantized } : {}),
    ...(method.adapter ? { adapter: method.adapter } : {}),
  };
  const { linearLayers, parameters: made } = build(options);
  checkTargets(method, linearLayers, known, head, run.file);
  checkModulesToSave(run, known, head);
  const parameters = [...made.values()];
  const trained = parameters.filter(method.isTrained);
  return {
    config,
    task,
    bare,
    replaced,
    quantized,
    method,
    continues,
    options,
    linearLayers,
    parameters,
    trained,
  };
}

function replacedHead(
  { model }: MethodSettings,
  known: readonly Parameter[],
  head: Head,
  base: string,
): Parameter[] {
  if (!model.ignore_mismatched_sizes) return [];
  const ofHead = known.filter(({ name }) => mayBeFresh(head, name));
  return otherShapes(ofHead, base).map(({ parameter }) => parameter);
}

/** What the reference of DPO computes: an adapter that the run goes on with belongs to it, a new one is nothing yet. */
export function referenceOptions({
  continues,
  options,
}: Pick<ModelLayout, 'continues' | 'options'>): ModelSpec['options'] {
  const { quantized } = options;
  return continues ? options : quantized ? { quantized } : {};
}

/** What a run computes over a model. */
export function specOf(
  { train, method }: Pick<ResolvedRun, 'train' | 'method'>,
  { config, task, options, method: { isTrained } }: ModelLayout,
): ModelSpec {
  const { dpo, orpo } = method;
  return {
    config,
    task,
    options,
    isTrained,
    labelSmoothing: train.label_smoothing_factor,
    optimizer: optimizerOf(train.optim),
    checkpointing: train.gradient_checkpointing,
    float16: train.fp16,
    ...(dpo ? { preference: dpo, disableDropout: dpo.disable_dropout } : {}),
    ...(orpo
      ? { preference: { beta: orpo.beta, loss_type: 'orpo' }, disableDropout: orpo.disable_dropout }
      : {}),
  };
}

function noHead({ model, file }: MethodSettings, config: ModelConfig): never {
  throw new TunebookError(
    'model/no-head',
    `Models of type ${config.model_type} have no head for the task ${model.task}.`,
    { hint: 'Take another task, or a base model of a family that does it.', location: { file } },
  );
}
