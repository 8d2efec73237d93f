import type { Tensor } from '../graph/graph.ts';
import { add, scale } from '../graph/ops/elementwise.ts';
import { linear } from '../graph/ops/matmul.ts';
import type { LinearAdapter, LinearLayer, ModelBuilder } from '../models/builder.ts';

/** The fields of PEFT's LoraConfig that decide what is computed. */
export interface LoraOptions {
  readonly r: number;
  readonly lora_alpha: number;
  readonly lora_dropout: number;
  /** Suffixes of module names, as PEFT matches them, or every linear layer but the output layer. */
  readonly target_modules: readonly string[] | 'all-linear';
  /** Scale by alpha / √r (Kalajdzievski 2023) instead of alpha / r. */
  readonly use_rslora: boolean;
  /** Start B at zero, so that training starts from the base model; else random as A. */
  readonly init_lora_weights: boolean;
  /** Modules that are trained whole and saved with the adapter. */
  readonly modules_to_save: readonly string[];
}

/** Low-rank adaptation (Hu et al. 2021, as PEFT computes it): `y + dropout(x) · Aᵀ · Bᵀ · scale`. */
export class Lora implements LinearAdapter {
  readonly options: LoraOptions;

  constructor(options: LoraOptions) {
    this.options = options;
  }

  get scaling(): number {
    const { r, lora_alpha, use_rslora } = this.options;
    return lora_alpha / (use_rslora ? Math.sqrt(r) : r);
  }

  apply(builder: ModelBuilder, layer: LinearLayer, x: Tensor, y: Tensor): Tensor {
    if (!isTargeted(layer.name, this.options)) return y;
    const g = builder.graph;
    const { r, lora_dropout, init_lora_weights } = this.options;
    const down = builder.parameter(`${layer.name}.lora_A.weight`, [r, layer.inFeatures], 'weight', {
      kind: 'kaiming-uniform',
      fanIn: layer.inFeatures,
    });
    const upInit = init_lora_weights
      ? ({ kind: 'constant', value: 0 } as const)
      : ({ kind: 'kaiming-uniform', fanIn: r } as const);
    const up = builder.parameter(`${layer.name}.lora_B.weight`, [layer.outFeatures, r], 'weight', upInit);
    const low = linear(g, builder.dropout(x, lora_dropout), down);
    return add(g, y, linear(g, scale(g, low, this.scaling), up));
  }
}

/** Whether a linear layer gets an adapter. Modules that are saved whole do not. */
export function isTargeted(module: string, options: LoraOptions): boolean {
  if (isSavedWhole(module, options)) return false;
  if (options.target_modules === 'all-linear') return true;
  return options.target_modules.some((target) => module === target || module.endsWith(`.${target}`));
}

/** Whether a module lies in one of `modules_to_save`. */
export function isSavedWhole(module: string, options: LoraOptions): boolean {
  const parts = module.split('.');
  const paths = parts.map((_, i) => parts.slice(0, i + 1).join('.'));
  // As PEFT matches them: by how a path ends, so that `classifier` takes a `pre_classifier` with it.
  return options.modules_to_save.some((name) => paths.some((path) => path.endsWith(name)));
}

/** Whether LoRA trains a parameter: its own matrices, and what is saved whole. */
export function isTrainedByLora(name: string, options: LoraOptions): boolean {
  if (/\.lora_[AB]\.weight$/.test(name)) return true;
  return isSavedWhole(name.replace(/\.(weight|bias)$/, ''), options);
}
