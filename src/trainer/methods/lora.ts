import { TunebookError } from '../../protocol/error.ts';
import { modulePattern } from '../../protocol/module-pattern.ts';
import type { Tensor } from '../graph/graph.ts';
import { add, scale } from '../graph/ops/elementwise.ts';
import { linear } from '../graph/ops/matmul.ts';
import type { LinearAdapter, LinearLayer, ModelBuilder } from '../models/builder.ts';
import type { Parameter } from '../models/parameter.ts';
import { addDora } from './dora.ts';

/** Modules as PEFT names them: by how their names end, or by a regular expression that matches them whole. */
export type Names = readonly string[] | string;

/** The fields of PEFT's LoraConfig that decide what is computed. */
export interface LoraOptions {
  readonly r: number;
  readonly lora_alpha: number;
  readonly lora_dropout: number;
  /** Which linear layers get an adapter: see {@link Names}. `all-linear` is every one but the output layer. */
  readonly target_modules: Names;
  /** Scale by alpha / √r (Kalajdzievski 2023) instead of alpha / r. */
  readonly use_rslora: boolean;
  /** Start B at zero, so that training starts from the base model, and A uniform or normal; else both uniform. */
  readonly init_lora_weights: boolean | 'gaussian';
  /** Modules that are trained whole and saved with the adapter. */
  readonly modules_to_save: readonly string[];
  /** Which biases of the base are trained: every one, or those of the layers that get an adapter. */
  readonly bias?: 'none' | 'all' | 'lora_only';
  /** Learn the length of each row of a weight beside its direction (Liu et al. 2024). */
  readonly use_dora?: boolean;
  /** Ranks and scales of some modules: regular expressions that match how a module's name ends. */
  readonly rank_pattern?: Readonly<Record<string, number>>;
  readonly alpha_pattern?: Readonly<Record<string, number>>;
  /** Which modules get no adapter all the same. */
  readonly exclude_modules?: Names;
  /** Numbers of the layers that get one; all when absent. */
  readonly layers_to_transform?: readonly number[];
}

/**
 * Low-rank adaptation (Hu et al. 2021, as PEFT computes it): `y + dropout(x) · Aᵀ · Bᵀ · scale`; with DoRA the whole, without its
 * bias, is scaled by what each row's learnt length is to its real one.
 */
export class Lora implements LinearAdapter {
  readonly options: LoraOptions;

  constructor(options: LoraOptions) {
    this.options = options;
  }

  /** Rank of a module's matrices, and what their product is multiplied by. */
  sizeOf(module: string): { rank: number; scaling: number } {
    const { r, lora_alpha, use_rslora, rank_pattern = {}, alpha_pattern = {} } = this.options;
    const rank = matching(rank_pattern, module) ?? r;
    const alpha = matching(alpha_pattern, module) ?? lora_alpha;
    return { rank, scaling: alpha / (use_rslora ? Math.sqrt(rank) : rank) };
  }

  apply(builder: ModelBuilder, layer: LinearLayer, x: Tensor, y: Tensor): Tensor {
    if (!isTargeted(layer.name, this.options)) return y;
    const g = builder.graph;
    const { lora_dropout, init_lora_weights, use_dora } = this.options;
    const { rank: r, scaling } = this.sizeOf(layer.name);
    const downInit =
      init_lora_weights === 'gaussian'
        ? ({ kind: 'normal', std: 1 / r } as const)
        : ({ kind: 'kaiming-uniform', fanIn: layer.inFeatures } as const);
    const down = builder.parameter(`${layer.name}.lora_A.weight`, [r, layer.inFeatures], 'weight', downInit);
    const upInit = init_lora_weights
      ? ({ kind: 'constant', value: 0 } as const)
      : ({ kind: 'kaiming-uniform', fanIn: r } as const);
    const up = builder.parameter(`${layer.name}.lora_B.weight`, [layer.outFeatures, r], 'weight', upInit);
    const input = builder.dropout(x, lora_dropout);
    const added = linear(g, scale(g, linear(g, input, down), scaling), up);
    return use_dora ? addDora(builder, layer, { x, input, y, down, up, scaling, added }) : add(g, y, added);
  }
}

/** Whether a linear layer gets an adapter. Modules that are saved whole do not. */
export function isTargeted(module: string, options: LoraOptions): boolean {
  const { target_modules, exclude_modules = [], layers_to_transform } = options;
  if (isSavedWhole(module, options) || isNamed(module, exclude_modules)) return false;
  const layer = /^.*?\.[^.]*\.(\d+)\./.exec(module)?.[1];
  const isInLayer = !layers_to_transform || layers_to_transform.includes(Number(layer ?? -1));
  return isInLayer && (target_modules === 'all-linear' || isNamed(module, target_modules));
}

function isNamed(module: string, names: Names): boolean {
  if (typeof names === 'string') return compiled(names).test(module);
  return names.some((name) => module === name || module.endsWith(`.${name}`));
}

function compiled(pattern: string): RegExp {
  const expression = modulePattern(pattern);
  if (expression) return expression;
  throw new TunebookError('run/bad-pattern', `${JSON.stringify(pattern)} is no regular expression.`, {
    hint: 'Close its brackets, and write it without `(?P<…>)`, flags and `\\Z`; names belong into a list.',
  });
}

/** What a pattern says of a module: the first one that its name ends in, as PEFT matches them. */
function matching(patterns: Readonly<Record<string, number>>, module: string): number | undefined {
  const key = Object.keys(patterns).find((each) => compiled(`(.*\\.)?(${each})`).test(module));
  return key === undefined ? undefined : patterns[key];
}

/** Whether a module lies in one of `modules_to_save`. */
export function isSavedWhole(module: string, options: Pick<LoraOptions, 'modules_to_save'>): boolean {
  return options.modules_to_save.some((name) => liesIn(module, name));
}

/**
 * Whether a module is, or lies in, what a name in `modules_to_save` means. As PEFT matches them: by how a path ends, so that
 * `classifier` takes a `pre_classifier` with it.
 */
export function liesIn(module: string, name: string): boolean {
  const parts = module.split('.');
  return parts.some((_, i) =>
    parts
      .slice(0, i + 1)
      .join('.')
      .endsWith(name),
  );
}

/** How the name of a parameter ends that LoRA adds to a layer. */
export const ADDED = /\.(lora_[AB]\.weight|lora_magnitude_vector)$/;

/** Whether LoRA trains a parameter: its own matrices, what is saved whole, and the biases that are asked for. */
export function isTrainedByLora(parameter: Pick<Parameter, 'name' | 'role'>, options: LoraOptions): boolean {
  const { name } = parameter;
  if (ADDED.test(name)) return true;
  return isSavedWhole(name.replace(/\.(weight|bias)$/, ''), options) || isTrainedBias(parameter, options);
}

/** Whether `bias` says that a parameter is trained. */
export function isTrainedBias(
  { name, role }: Pick<Parameter, 'name' | 'role'>,
  options: LoraOptions,
): boolean {
  const { bias = 'none' } = options;
  if (bias === 'none' || !name.endsWith('.bias')) return false;
  return bias === 'all' || (role === 'linear-bias' && isTargeted(name.replace(/\.bias$/, ''), options));
}
