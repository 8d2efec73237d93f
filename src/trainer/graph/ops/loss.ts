import type { Graph, Tensor } from '../graph.ts';
import { mul, scale, sub } from './elementwise.ts';
import { reduceSum } from './broadcast.ts';
import { reduceMax } from './reduce.ts';
import { cast, reshape } from './shape.ts';

export interface CrossEntropyOptions {
  /** Share of the target spread evenly over all classes (Szegedy et al. 2016; `label_smoothing_factor`). */
  readonly labelSmoothing?: number;
}

/**
 * Cross entropy of each row: `logits [rows, classes] float32`, `labels [rows] int32` → `[rows]` in nats.
 * With smoothing ε, as transformers' LabelSmoother has it: `(1 − ε) · −log p[label] + ε · mean(−log p)`.
 * Gradient of the logits: `softmax − target`.
 */
export function crossEntropy(
  g: Graph,
  logits: Tensor,
  labels: Tensor,
  options: CrossEntropyOptions = {},
): Tensor {
  const { labelSmoothing = 0 } = options;
  const [rows = 1, classes = 1] = logits.shape;
  if (typeof classes !== 'number')
    throw new Error('the number of classes must be known while the graph is built');

  const shifted = g.single('Sub', [logits, reduceMax(g, logits, [1], true)], {}, logits.shape);
  const exps = g.single('Exp', [shifted], {}, logits.shape);
  const sums = reduceSum(g, exps, [1], true);
  const logSums = g.single('Log', [sums], {}, sums.shape);

  const classIds = g.constant([...Array(classes).keys()], [1, classes], 'int32');
  const isLabel = g.single('Equal', [reshape(g, labels, [rows, 1]), classIds], {}, logits.shape, 'bool');
  const hard = cast(g, isLabel, 'float32');
  const target =
    labelSmoothing === 0
      ? hard
      : g.single(
          'Add',
          [scale(g, hard, 1 - labelSmoothing), g.scalar(labelSmoothing / classes)],
          {},
          logits.shape,
        );

  // The target sums to one, so −Σ target · log p = log Σ e^shifted − Σ target · shifted.
  const chosen = reduceSum(g, mul(g, target, shifted), [1], true);
  const column = g.single('Sub', [logSums, chosen], {}, sums.shape);
  const loss = g.single('Reshape', [column, g.shapeTensor([rows])], {}, [rows]);
  return g.record([logits], loss, (dLoss) => {
    const probabilities = g.single('Div', [exps, sums], {}, logits.shape);
    return [mul(g, sub(g, probabilities, target), reshape(g, dLoss, [rows, 1]))];
  });
}

/** `Σ x · weight` as a scalar: the loss of a batch, where `weight` is one over the number of targets. */
export function weightedSum(g: Graph, x: Tensor, weight: Tensor): Tensor {
  return mul(g, reduceSum(g, x, [...x.shape.keys()], false), weight);
}

/**
 * Binary cross entropy of each output with its label, averaged over the outputs of a row (torch's BCEWithLogitsLoss):
 * `logits [rows, classes] float32`, `labels [rows, classes] float32` of 0 to 1 → `[rows]` in nats.
 * `max(x, 0) − x · y + ln(1 + e^−|x|)`; gradient: `(σ(x) − y) / classes`.
 */
export function binaryCrossEntropy(g: Graph, logits: Tensor, labels: Tensor): Tensor {
  const op = (name: string, ...inputs: Tensor[]) => g.single(name, inputs, {}, logits.shape);
  const softplus = op('Log', op('Add', op('Exp', op('Neg', op('Abs', logits))), g.scalar(1)));
  const losses = op('Add', op('Sub', op('Relu', logits), op('Mul', logits, labels)), softplus);
  return perRow(g, logits, losses, () => op('Sub', op('Sigmoid', logits), labels));
}

/**
 * Squared difference of each output and its label, averaged over the outputs of a row (torch's MSELoss):
 * `[rows, classes] float32` both → `[rows]`. Gradient: `2 (x − y) / classes`.
 */
export function squaredError(g: Graph, predictions: Tensor, labels: Tensor): Tensor {
  const difference = g.single('Sub', [predictions, labels], {}, predictions.shape);
  const squares = g.single('Mul', [difference, difference], {}, predictions.shape);
  return perRow(g, predictions, squares, () => scale(g, difference, 2));
}

/** The mean of `losses` over a row, and its gradient where `slope` is the derivative of one loss by its output. */
function perRow(g: Graph, x: Tensor, losses: Tensor, slope: () => Tensor): Tensor {
  const [rows = 1, classes = 1] = x.shape;
  const axes = g.constant([1], [1], 'int64');
  const mean = g.single('ReduceMean', [losses, axes], { keepdims: 0 }, [rows]);
  return g.record([x], mean, (dMean) => [
    mul(g, slope(), scale(g, reshape(g, dMean, [rows, 1]), 1 / Number(classes))),
  ]);
}
