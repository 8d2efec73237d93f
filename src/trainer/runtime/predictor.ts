import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { DeviceInfo } from '../../protocol/run.ts';
import { encodeModel } from '../graph/encode.ts';
import { CPU_LOWERING } from '../graph/graph.ts';
import { addScores, buildTask } from '../models/task.ts';
import type { TargetScores } from './engine.ts';
import { DeviceCopy } from './device-copy.ts';
import { toTensors, type Feeds } from './feeds.ts';
import { loweringOf } from './lowering.ts';
import type { ModelSpec } from './model-spec.ts';
import { createSession } from './session.ts';
import { weightTensor } from './weight-tensor.ts';

/** What decides the forward pass of a model, apart from the numbers. */
export type ForwardSpec = Pick<ModelSpec, 'config' | 'task' | 'options' | 'float16'>;

/** What decides the scores of a language model, apart from the numbers. */
export type ScoreSpec = ForwardSpec & Partial<Pick<ModelSpec, 'labelSmoothing' | 'preference'>>;

/** Computes a model's logits, float32, with no memory for gradients or moments. */
export interface Predictor {
  /** Logits of a batch, without dropout: `[rows, classes]` float32, row by row. */
  predict(feeds: Feeds): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/**
 * Makes the predictor of a model on a device.
 * @param values every parameter by name; on the CPU the arrays are used as they are
 * @throws TunebookError `device/failed` when the device refuses the graph
 */
export async function createPredictor(
  spec: ForwardSpec,
  values: ReadonlyMap<string, Float32Array>,
  { device, threads }: Pick<DeviceInfo, 'device' | 'threads'>,
): Promise<Predictor> {
  const session = await createForwardSession(spec, { device, threads });
  const { weights, release } = await placeWeights(spec, values, device);
  return {
    predict: (feeds) => runForward(session, weights, feeds),
    dispose: async () => {
      await release();
      await session.release();
    },
  };
}

/** Scores the targets of a language model, with no memory for gradients or moments. */
export interface Scorer {
  /** What the model makes of the targets of a batch, without dropout. */
  score(feeds: Feeds): Promise<TargetScores>;
  dispose(): Promise<void>;
}

/**
 * Makes the scorer of a language model on a device.
 * @param values every parameter by name; on the CPU the arrays are used as they are
 * @throws TunebookError `device/failed` when the device refuses the graph
 */
export async function createScorer(
  spec: ScoreSpec,
  values: ReadonlyMap<string, Float32Array>,
  { device, threads }: Pick<DeviceInfo, 'device' | 'threads'>,
): Promise<Scorer> {
  const session = await createScoreSession(spec, { device, threads });
  const { weights, release } = await placeWeights(spec, values, device);
  return {
    score: (feeds) => runScores(session, weights, feeds),
    dispose: async () => {
      await release();
      await session.release();
    },
  };
}

/** The session of a model's forward pass; its weights are inputs. */
export function createForwardSession(
  { config, task, options, float16 }: ForwardSpec,
  on: { readonly device: string; readonly threads?: number },
): Promise<InferenceSession> {
  const lowering = loweringOf(on.device, float16);
  const built = buildTask(config, task, { ...options, training: false, lowering });
  built.graph.output('logits', built.logits);
  return createSession(encodeModel(built.graph), on);
}

/** The session that scores the targets of a language model; its weights are inputs. */
export function createScoreSession(
  { config, task, options, float16, ...loss }: ScoreSpec,
  on: { readonly device: string; readonly threads?: number },
): Promise<InferenceSession> {
  const lowering = loweringOf(on.device, float16);
  const built = buildTask(config, task, { ...options, training: false, lowering });
  addScores(built, loss);
  return createSession(encodeModel(built.graph), on);
}

/** Runs a session of {@link createScoreSession}: weights and feeds beyond its inputs are left out. */
export async function runScores(
  session: InferenceSession,
  weights: Readonly<Record<string, Tensor>>,
  feeds: Feeds,
): Promise<TargetScores> {
  const { target_loss, prediction, pair_loss, answer_logps } = await session.run(
    inputsOf(session, weights, feeds),
  );
  // SAFETY: the graph declares losses as float32 and the prediction as int32, and they come to the host.
  const scores = { loss: target_loss!.data as Float32Array, prediction: prediction!.data as Int32Array };
  if (!pair_loss || !answer_logps) return scores;
  // SAFETY: as above.
  const pairs = { loss: pair_loss.data as Float32Array, logps: answer_logps.data as Float32Array };
  return { ...scores, pairs };
}

/** Runs a session of {@link createForwardSession}: weights and feeds beyond its inputs are left out. */
export async function runForward(
  session: InferenceSession,
  weights: Readonly<Record<string, Tensor>>,
  feeds: Feeds,
): Promise<Float32Array> {
  const { logits } = await session.run(inputsOf(session, weights, feeds));
  // SAFETY: the graph declares logits as float32, and they come to the host.
  return logits!.data as Float32Array;
}

function inputsOf(session: InferenceSession, weights: Readonly<Record<string, Tensor>>, feeds: Feeds) {
  const inputs = { ...weights, ...toTensors(feeds) };
  return Object.fromEntries(session.inputNames.map((name) => [name, inputs[name]!]));
}

async function placeWeights(
  { config, task, options }: ForwardSpec,
  values: ReadonlyMap<string, Float32Array>,
  device: string,
): Promise<{ weights: Record<string, Tensor>; release: () => Promise<void> }> {
  const { builder } = buildTask(config, task, { ...options, training: false, lowering: CPU_LOWERING });
  const parameters = [...builder.parameters.values()];
  const valueOf = (name: string) => {
    const value = values.get(name);
    if (!value) throw new Error(`no value was given for the parameter ${name}`);
    return value;
  };
  if (device !== 'webgpu') {
    const weights = parameters.map(
      (parameter) => [parameter.name, weightTensor(parameter, valueOf(parameter.name))] as const,
    );
    return { weights: Object.fromEntries(weights), release: async () => {} };
  }
  const copy = await DeviceCopy.create(parameters);
  const weights = await copy.upload(({ name }) => valueOf(name));
  return {
    weights,
    release: async () => {
      for (const tensor of Object.values(weights)) tensor.dispose();
      // The tensors belong to the session that made them, so it lives as long as they do.
      await copy.dispose();
    },
  };
}
