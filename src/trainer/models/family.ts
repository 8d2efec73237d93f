import type { Tensor } from '../graph/graph.ts';
import type { BatchInputs } from './batch-inputs.ts';
import type { ModelBuilder } from './builder.ts';

/** A head on a model, for one task. */
export interface Head {
  /** The class of transformers that computes the same: what `architectures` in config.json says. */
  readonly className: string;
  /** Modules that belong to the task, not to the base model; with LoRA they are trained whole. */
  readonly modules: readonly string[];
  /** Further modules that a base model may lack and that then start from random weights. */
  readonly mayBeFresh?: readonly string[];
  /** Set where the head's last layer has no weight of its own. */
  readonly tied?: TiedWeight;
}

/** Whether a parameter may be absent from a base model: it belongs to a head, which then starts from random weights. */
export function mayBeFresh({ modules, mayBeFresh: more = [] }: Head, parameter: string): boolean {
  const parts = parameter.split('.');
  return [...modules, ...more].some((module) => parts.includes(module));
}

/** A head with an output for each label: `[batch, labels]`, or `[targets, labels]` for tokens. */
export interface ClassificationHead extends Head {
  logits(b: ModelBuilder, inputs: BatchInputs, numLabels: number): Tensor;
}

/** A weight that a model uses twice: the table of words, and the output layer that transformers ties to it. */
export interface TiedWeight {
  /** Names of the two modules in transformers' model; ours has the weight under the first. */
  readonly embedding: string;
  readonly output: string;
}

/** A head with an output for each token of the vocabulary. */
export interface LanguageModelHead extends Head {
  build(b: ModelBuilder, inputs: BatchInputs): LanguageModelOutput;
}

/**
 * The last layer of a language model before it is multiplied out, which for a large vocabulary is done in parts:
 * `logits [targets, vocab] = hidden [targets, width] · weight [vocab, width]ᵀ + bias [vocab]`.
 */
export interface LanguageModelOutput {
  readonly hidden: Tensor;
  readonly weight: Tensor;
  readonly bias?: Tensor;
  /** Logits are soft-capped at it (Gemma 2): `softcap · tanh(logits / softcap)`. */
  readonly softcap?: number | undefined;
}

/** What the trainer asks of a model family, made for one config. Each can classify texts; another task without a head it does not do. */
export interface Family {
  /** The linear layers that PEFT adapts when `target_modules` is not given; of DistilBERT, which it does not know, their like. */
  readonly loraTargets: readonly string[];
  readonly 'text-classification': ClassificationHead;
  readonly 'token-classification'?: ClassificationHead;
  readonly 'fill-mask'?: LanguageModelHead;
  readonly 'text-generation'?: LanguageModelHead;
}
