import type { Graph, Tensor } from '../graph.ts';
import type { Dim } from '../shape.ts';
import { reduceSum } from './broadcast.ts';
import type { CrossEntropyOptions } from './loss.ts';
import { inLowPrecision } from './precision.ts';
import { reshape } from './shape.ts';
import { slopeBeforeCap, squash } from './softcap.ts';

/** The last layer of a language model: `logits [rows, vocab] = hidden [rows, width] · weight [vocab, width]ᵀ + bias [vocab]`. */
export interface LinearHead {
  readonly hidden: Tensor;
  readonly weight: Tensor;
  readonly bias?: Tensor;
  /** Logits are soft-capped at it (Gemma 2): `softcap · tanh(logits / softcap)`. */
  readonly softcap?: number | undefined;
  /** In how many parts the targets are taken; by the size of the vocabulary when absent. */
  readonly parts?: number;
  /** Whether the gradient of `weight` is wanted: then each part's is made before the next part's logits. */
  readonly trainsWeight?: boolean;
}

/** Rows of the vocabulary for which one part of the targets is enough; a larger vocabulary is gone through in more parts. */
const VOCABULARY_OF_A_PART = 16384;

/**
 * `Σ cross entropy · weight` over targets, as a scalar, without ever holding `[rows, vocab]` whole: the targets are taken in
 * parts, and each part's loss and gradients are made before the next one's logits (the fused linear cross entropy of Liger
 * Kernel, Hsu et al. 2024). Label smoothing as in `crossEntropy`.
 * @param labels `[rows] int32`
 * @param weight scalar
 */
export function linearCrossEntropy(
  g: Graph,
  head: LinearHead,
  labels: Tensor,
  weight: Tensor,
  { labelSmoothing = 0 }: CrossEntropyOptions = {},
): Tensor {
  const gradients = new HeadGradients(g, head);
  const losses: Tensor[] = [];
  forEachPart(g, head, labels, (part) => {
    const loss = rowLoss(g, part, labelSmoothing);
    losses.push(g.single('ReduceSum', [loss], { keepdims: 0 }, []));
    const gradient = gradients.add(part, slopeOfLogits(g, head, part, labelSmoothing), weight);
    return { ofRows: [loss, gradient], sum: gradients.sum };
  });
  const sum = losses.reduce((a, b) => g.single('Add', [a, b], {}, []));
  const loss = g.single('Mul', [sum, weight], {}, []);
  return g.record(inputsOf(head), loss, (dLoss) => {
    // The loss is what is differentiated, as a rule, and then nothing is left to multiply by.
    const times = (x: Tensor) => (dLoss === g.scalar(1) ? x : g.single('Mul', [x, dLoss], {}, x.shape));
    return gradients.all().map(times);
  });
}

/**
 * What a language model makes of targets, without gradients and without ever holding `[rows, vocab]` whole.
 * @returns `loss [rows] float32`: cross entropy of each label in nats; `prediction [rows] int32`: the likeliest token
 */
export function linearScores(
  g: Graph,
  head: LinearHead,
  labels: Tensor,
  options: CrossEntropyOptions = {},
): { loss: Tensor; prediction: Tensor } {
  const losses: Tensor[] = [];
  const predictions: Tensor[] = [];
  forEachPart(g, head, labels, (part) => {
    const best = g.single('ArgMax', [part.logProbabilities], { axis: 1, keepdims: 0 }, [part.rows], 'int64');
    predictions.push(g.single('Cast', [best], { to: 6 }, [part.rows], 'int32'));
    const loss = rowLoss(g, part, options.labelSmoothing ?? 0);
    losses.push(loss);
    return { ofRows: [loss, best] };
  });
  return { loss: concat(g, losses, labels.shape), prediction: concat(g, predictions, labels.shape) };
}

/**
 * Log-probability of each label, `[rows] float32`, with a gradient: in the backward pass the logits of a part are computed
 * again, so that neither pass holds them whole.
 */
export function linearLogProbabilities(g: Graph, head: LinearHead, labels: Tensor): Tensor {
  const parts: Tensor[] = [];
  forEachPart(g, head, labels, (part) => {
    const loss = rowLoss(g, part, 0);
    parts.push(g.single('Neg', [loss], {}, loss.shape));
    return { ofRows: [loss] };
  });
  return g.record(inputsOf(head), concat(g, parts, labels.shape), (dy) => {
    const gradients = new HeadGradients(g, head);
    forEachPart(g, head, labels, (part) => {
      const upstream = reshape(g, g.single('Neg', [part.slice(dy)], {}, [part.rows]), [part.rows, 1]);
      const slope = slopeOfLogits(g, head, part, 0);
      const gradient = gradients.add(part, g.single('Mul', [slope, upstream], {}, slope.shape));
      return { ofRows: [gradient], sum: gradients.sum };
    });
    return gradients.all();
  });
}

/**
 * The mean logit of each row, `[rows] float32`, without a gradient: it costs one product with a single row, or, where logits are
 * soft-capped, all of them once more, part by part.
 */
export function linearMeanLogits(g: Graph, head: LinearHead): Tensor {
  const { hidden, weight, bias, softcap } = head;
  const [rows = 1, width = 1] = hidden.shape;
  if (softcap !== undefined) return meanOfCapped(g, head, softcap);
  const axes = g.constant([0], [1], 'int64');
  const row = g.single('ReduceMean', [weight, axes], { keepdims: 1 }, [1, width]);
  const column = gemm(g, hidden, row, [rows, 1], { transB: 1 });
  const mean = bias
    ? g.single('Add', [column, g.single('ReduceMean', [bias, axes], { keepdims: 1 }, [1])], {}, [rows, 1])
    : column;
  return g.single('Squeeze', [mean, g.constant([1], [1], 'int64')], {}, [rows]);
}

function meanOfCapped(g: Graph, head: LinearHead, softcap: number): Tensor {
  const axes = g.constant([1], [1], 'int64');
  const means: Tensor[] = [];
  forEachRows(g, head, ({ rows, squashed }) => {
    const mean = g.single('ReduceMean', [squashed!, axes], { keepdims: 0 }, [rows]);
    means.push(mean);
    return { ofRows: [mean] };
  });
  const mean = concat(g, means, [head.hidden.shape[0] ?? 1]);
  return g.single('Mul', [mean, g.scalar(softcap)], {}, mean.shape);
}

/** What the gradients are of, in the order of {@link HeadGradients.all}. */
function inputsOf({ hidden, weight, bias }: LinearHead): Tensor[] {
  return bias ? [hidden, weight, bias] : [hidden, weight];
}

/** The gradients of a head, made part by part. */
class HeadGradients {
  readonly #g: Graph;
  readonly #head: LinearHead;
  readonly #hidden: Tensor[] = [];
  #weight: Tensor | undefined;
  #bias: Tensor | undefined;

  constructor(g: Graph, head: LinearHead) {
    this.#g = g;
    this.#head = head;
  }

  /**
   * Adds those of a part; returns that of its hidden states.
   * @param slopeOfLoss `[rows, vocab]`: the derivative of the loss by the logits
   * @param factor a scalar that the slope still lacks: what is smaller than the logits is multiplied by it
   */
  add(part: Part, slopeOfLoss: Tensor, factor?: Tensor): Tensor {
    const g = this.#g;
    const slope = part.squashed ? slopeBeforeCap(g, slopeOfLoss, part.squashed) : slopeOfLoss;
    const { hidden, weight, bias } = this.#head;
    const times = (x: Tensor) => (factor ? g.single('Mul', [x, factor], {}, x.shape) : x);
    const gradient = times(gemm(g, slope, weight, [part.rows, hidden.shape[1] ?? 1]));
    this.#hidden.push(gradient);
    this.#weight = gemm(g, slope, times(part.hidden), weight.shape, { transA: 1, plus: this.#weight });
    if (bias) {
      const sum = times(sumRows(g, slope, bias.shape));
      this.#bias = this.#bias ? g.single('Add', [this.#bias, sum], {}, bias.shape) : sum;
    }
    return gradient;
  }

  /** The sum so far, where the next part is to wait for it. */
  get sum(): Tensor | undefined {
    return this.#head.trainsWeight && this.#g.lowering.waitsForElements ? this.#weight : undefined;
  }

  all(): Tensor[] {
    const hidden = concat(this.#g, this.#hidden, this.#head.hidden.shape);
    return [hidden, this.#weight, this.#bias].filter((gradient) => gradient !== undefined);
  }
}

/** One part of the targets, whatever their labels are. */
interface Rows {
  readonly rows: Dim;
  readonly hidden: Tensor;
  /** `[rows, vocab]`. */
  readonly logits: Tensor;
  /** With a soft-cap: the logits over it. */
  readonly squashed?: Tensor;
  /** The same rows of another tensor `[all rows]`. */
  readonly slice: (x: Tensor) => Tensor;
}

/** One part of the targets. */
interface Part extends Rows {
  /** `[rows, 1] int64`. */
  readonly labels: Tensor;
  /** `[rows, vocab]`. */
  readonly logProbabilities: Tensor;
}

/** What is made of a part, and has to be there before the next part's logits. */
interface Made {
  /** `[rows, …]` each. */
  readonly ofRows: readonly Tensor[];
  /** `[vocab, width] float32`: what sums up over the parts. */
  readonly sum?: Tensor | undefined;
}

/**
 * Visits the parts in turn. A part begins where the one before it ended, and that is read off what the visitor made of it:
 * so the runtime cannot compute the logits of several parts first and hold them all.
 */
function forEachPart(g: Graph, head: LinearHead, labels: Tensor, visit: (part: Part) => Made): void {
  forEachRows(g, head, (part) => {
    const { rows, logits, slice } = part;
    const partLabels = g.single('Cast', [slice(labels)], { to: 7 }, [rows], 'int64');
    return visit({
      ...part,
      labels: g.single('Unsqueeze', [partLabels, g.constant([1], [1], 'int64')], {}, [rows, 1], 'int64'),
      logProbabilities: g.single('LogSoftmax', [logits], { axis: -1 }, logits.shape),
    });
  });
}

function forEachRows(g: Graph, head: LinearHead, visit: (part: Rows) => Made): void {
  const { hidden, weight, bias, softcap } = head;
  const vocab = Number(weight.shape[0]);
  const count = head.parts ?? Math.ceil(vocab / VOCABULARY_OF_A_PART);
  const integer = (op: string, a: Tensor, b: Tensor) => g.single(op, [a, b], {}, [1], 'int64');
  const length = (x: Tensor) => g.single('Shape', [x], { start: 0, end: 1 }, [1], 'int64');
  const constant = (value: number) => g.constant([value], [1], 'int64');
  const size = integer('Div', integer('Add', length(hidden), constant(count - 1)), constant(count));
  let start = constant(0);
  for (let i = 0; i < count; i++) {
    const rows = count === 1 ? (hidden.shape[0] ?? 1) : `part${i}`;
    const [from, to] = [start, integer('Add', start, size)];
    const slice = (x: Tensor) =>
      count === 1
        ? x
        : g.single('Slice', [x, from, to, constant(0)], {}, [rows, ...x.shape.slice(1)], x.dtype);
    const partHidden = slice(hidden);
    const plain = gemm(g, partHidden, weight, [rows, vocab], { transB: 1, plus: bias });
    const part = { rows, hidden: partHidden, slice };
    const made = visit({
      ...part,
      ...(softcap === undefined ? { logits: plain } : capped(g, plain, softcap)),
    });
    const ends = made.ofRows
      .map((x) => integer('Add', from, length(x)))
      .reduce((a, b) => integer('Max', a, b));
    start = made.sum ? integer('Add', ends, zeroAfter(g, made.sum)) : ends;
  }
}

/** Not recorded: the operators here know their gradients as a whole. */
function capped(g: Graph, logits: Tensor, softcap: number): { logits: Tensor; squashed: Tensor } {
  const squashed = squash(g, logits, softcap);
  return { squashed, logits: g.single('Mul', [squashed, g.scalar(softcap)], {}, logits.shape) };
}

/** Zero, `[1] int64`, which is known when `x [rows, width]` is: no number is less than itself, and no NaN. */
function zeroAfter(g: Graph, x: Tensor): Tensor {
  const element = g.single('GatherND', [x, g.constant([0, 0], [1, 2], 'int64')], {}, [1], x.dtype);
  const no = g.single('Less', [element, element], {}, [1], 'bool');
  return g.single('Cast', [no], { to: 7 }, [1], 'int64');
}

/** `[rows]`: cross entropy of each row. */
function rowLoss(g: Graph, part: Part, labelSmoothing: number): Tensor {
  const column = [part.rows, 1];
  const chosen = g.single('GatherElements', [part.logProbabilities, part.labels], { axis: 1 }, column);
  const axes = g.constant([1], [1], 'int64');
  const flat = (op: string, x: Tensor) =>
    g.single(op, [x, axes], op === 'ReduceMean' ? { keepdims: 0 } : {}, [part.rows]);
  const hard = g.single('Neg', [flat('Squeeze', chosen)], {}, [part.rows]);
  if (labelSmoothing === 0) return hard;
  const mean = flat('ReduceMean', part.logProbabilities);
  const share = (x: Tensor, factor: number) => g.single('Mul', [x, g.scalar(factor)], {}, [part.rows]);
  return g.single('Add', [share(hard, 1 - labelSmoothing), share(mean, -labelSmoothing)], {}, [part.rows]);
}

/** `softmax − target`, `[rows, vocab]`. */
function slopeOfLogits(g: Graph, { weight }: LinearHead, part: Part, labelSmoothing: number): Tensor {
  const vocab = Number(weight.shape[0]);
  const shape = [part.rows, vocab];
  const probabilities = g.single('Exp', [part.logProbabilities], {}, shape);
  const base =
    labelSmoothing === 0
      ? probabilities
      : g.single('Sub', [probabilities, g.scalar(labelSmoothing / vocab)], {}, shape);
  const chosen = g.single('GatherElements', [base, part.labels], { axis: 1 }, [part.rows, 1]);
  const less = g.single('Sub', [chosen, g.scalar(1 - labelSmoothing)], {}, [part.rows, 1]);
  return g.single('ScatterElements', [base, part.labels, less], { axis: 1 }, shape);
}

/** `a · b (+ plus)`, two-dimensional. Not recorded: the operators here know their gradients as a whole. */
function gemm(
  g: Graph,
  a: Tensor,
  b: Tensor,
  shape: Tensor['shape'],
  { plus, ...transposed }: { plus?: Tensor; transA?: 1; transB?: 1 } = {},
): Tensor {
  return inLowPrecision(g, [a, b], plus, (operands, dtype) =>
    g.single('Gemm', operands, transposed, shape, dtype),
  );
}

function sumRows(g: Graph, x: Tensor, shape: Tensor['shape']): Tensor {
  const sum = reduceSum(g, x, [0]);
  return reshape(g, sum, shape);
}

function concat(g: Graph, parts: readonly Tensor[], shape: Tensor['shape']): Tensor {
  const [only] = parts;
  return parts.length === 1 && only
    ? only
    : g.single('Concat', parts, { axis: 0 }, shape, only?.dtype ?? 'float32');
}
