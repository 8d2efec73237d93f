import { initialize } from '../checkpoint/initialize.ts';
import { CPU_LOWERING } from '../graph/graph.ts';
import type { BertConfig } from '../models/bert.ts';
import { buildTask } from '../models/task.ts';
import { CpuEngine, type BatchLimits } from './cpu-engine.ts';
import type { ParameterState, TrainingEngine } from './engine.ts';
import type { Feeds } from './feeds.ts';
import type { ModelSpec } from './model-spec.ts';

/** How far a device's results lie from the CPU's, for one training step of a tiny model. */
export interface DeviceComparison {
  /** Largest relative deviation that was met; NaN when the device made something that is no number. */
  readonly deviation: number;
  /** What deviated most: `loss`, or the gradient of a parameter. */
  readonly of: string;
  /** Whether the deviation is no more than float32 in another order makes it. */
  readonly agrees: boolean;
}

/** In what matrices are multiplied in the test step. */
export type Precision = 'float32' | 'float16';

/**
 * Other orders of summation and other approximations of exp and erf stay below 1e-5; a wrong kernel is off by 1e-1. Products in float16 move
 * a gradient of this model by 2.4e-3 of the float32 one.
 */
const TOLERANCE: Readonly<Record<Precision, number>> = { float32: 1e-3, float16: 3e-2 };

/** The gradient of a bias of attention keys is zero but for rounding, so a share of the largest gradient takes its place. */
const FLOOR: Readonly<Record<Precision, number>> = { float32: 1e-3, float16: 1e-1 };

/** What the loss is multiplied by, so that float16 holds its gradients. */
const LOSS_SCALE: Readonly<Record<Precision, number>> = { float32: 1, float16: 1024 };

const CONFIG: BertConfig = {
  model_type: 'bert',
  vocab_size: 40,
  hidden_size: 32,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  intermediate_size: 64,
  hidden_act: 'gelu',
  hidden_dropout_prob: 0.1,
  attention_probs_dropout_prob: 0.1,
  classifier_dropout: null,
  max_position_embeddings: 16,
  type_vocab_size: 2,
  initializer_range: 0.15,
  layer_norm_eps: 1e-12,
  pad_token_id: 0,
};

const SPEC: ModelSpec = {
  config: CONFIG,
  task: { kind: 'text-classification', numLabels: 5 },
  options: {},
  isTrained: () => true,
  labelSmoothing: 0.1,
};

/** Three texts of different lengths whose tokens repeat, within a text and across them. */
const TEXTS = [
  [2, 7, 7, 9, 7, 31, 3],
  [2, 9, 3],
  [2, 31, 7, 30, 3],
];
const LABELS = [4, 0, 4];

/**
 * Takes one training step of a tiny BERT on a device and on the CPU (embedding, attention with padding, dropout, norms,
 * GELU, loss, backward pass, clipping, AdamW) and compares the loss before and after it and every gradient.
 * @param makeEngine makes the device's engine for a model and its starting values
 * @param precision with `float16` both multiply matrices in float16, as `fp16` has it: the CPU by rounding
 */
export async function compareWithCpu(
  makeEngine: (
    spec: ModelSpec,
    values: ReadonlyMap<string, Float32Array>,
    limits: BatchLimits,
  ) => Promise<TrainingEngine>,
  precision: Precision = 'float32',
): Promise<DeviceComparison> {
  const spec = { ...SPEC, float16: precision === 'float16' };
  const { parameters } = buildTask(CONFIG, SPEC.task, { training: false, lowering: CPU_LOWERING }).builder;
  const values = new Map([...parameters.values()].map((p) => [p.name, initialize(p, 1)]));
  const feeds = makeFeeds();
  const limits = { tokens: TEXTS.flat().length, sequences: TEXTS.length, length: 7 };
  const expected = await takeStep(
    await CpuEngine.create(spec, values, { threads: 1, limits, accumulates: false }),
    feeds,
    precision,
  );
  const actual = await takeStep(await makeEngine(spec, values, limits), feeds, precision);
  return judge(actual, expected, precision);
}

interface Step {
  readonly losses: readonly number[];
  /** The first moment after one step: the clipped gradient times 1 − β1. */
  readonly gradients: ReadonlyMap<string, Float32Array>;
}

async function takeStep(engine: TrainingEngine, feeds: Feeds, precision: Precision): Promise<Step> {
  try {
    const lossScale = LOSS_SCALE[precision];
    const weight = lossScale / LABELS.length;
    const first = await engine.accumulate(feeds, weight, { seed: 1, step: 0, microBatch: 0 });
    await engine.update({
      learningRate: 1e-3,
      weightDecay: 0.01,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      maxGradNorm: 1,
      lossScale,
    });
    // Copied: on the CPU these are views of memory that the next step changes.
    const copy = ({ optimizer }: ParameterState) => optimizer.get('exp_avg')!.slice();
    const gradients = new Map([...(await engine.readState())].map(([name, state]) => [name, copy(state)]));
    const second = await engine.accumulate(feeds, weight, { seed: 1, step: 1, microBatch: 0 });
    return { losses: [first, second], gradients };
  } finally {
    await engine.dispose();
  }
}

function judge(actual: Step, expected: Step, precision: Precision): DeviceComparison {
  const deviations: [string, number][] = expected.losses.map((loss, i) => [
    'loss',
    Math.abs(actual.losses[i]! - loss) / Math.abs(loss),
  ]);
  const overall = Math.max(...[...expected.gradients.values()].map(largest));
  for (const [name, gradient] of expected.gradients) {
    const made = actual.gradients.get(name);
    const differences = made ? gradient.map((x, i) => Math.abs(made[i]! - x)) : Float32Array.of(NaN);
    deviations.push([
      `gradient of ${name}`,
      largest(differences) / Math.max(largest(gradient), FLOOR[precision] * overall),
    ]);
  }
  const [of, deviation] = deviations.reduce((worst, next) => (exceeds(next[1], worst[1]) ? next : worst));
  return { deviation, of, agrees: deviation <= TOLERANCE[precision] };
}

/** NaN is larger than anything: it must not slip through a comparison. */
function exceeds(a: number, b: number): boolean {
  return !Number.isNaN(b) && (Number.isNaN(a) || a > b);
}

function largest(values: Float32Array): number {
  return values.reduce((worst, x) => (exceeds(Math.abs(x), worst) ? Math.abs(x) : worst), 0);
}

function makeFeeds(): Feeds {
  const width = Math.max(...TEXTS.map((text) => text.length));
  const starts = TEXTS.map((_, i) => TEXTS.slice(0, i).flat().length);
  const tokens = TEXTS.flat().length;
  const padded = (value: (row: number, column: number) => number) =>
    TEXTS.flatMap((text, row) =>
      Array.from({ length: width }, (_, column) => (column < text.length ? value(row, column) : 0)),
    );
  const ids = (data: number[], dims: number[]) => ({ data: Int32Array.from(data), dims });
  return {
    input_ids: ids(TEXTS.flat(), [tokens]),
    token_type_ids: ids(
      TEXTS.flatMap((text) => text.map((_, i) => (i > 3 ? 1 : 0))),
      [tokens],
    ),
    position_ids: ids(
      TEXTS.flatMap((text) => [...text.keys()]),
      [tokens],
    ),
    sequence_ids: ids(
      TEXTS.flatMap((text, row) => text.map(() => row)),
      [tokens],
    ),
    pad_index: ids(
      padded((row, column) => starts[row]! + column),
      [TEXTS.length, width],
    ),
    attention_mask: { data: Float32Array.from(padded(() => 1)), dims: [TEXTS.length, width] },
    labels: ids(LABELS, [LABELS.length]),
  };
}
