import type { Optimizer } from '../../language/schema/optimizers.ts';
import type { PreferenceOptions } from '../graph/ops/preference.ts';
import type { BuilderOptions } from '../models/builder.ts';
import type { ModelConfig } from '../models/config.ts';
import type { Parameter } from '../models/parameter.ts';
import type { Task } from '../models/task.ts';

/** Everything that decides what is computed, apart from the numbers: what an engine builds its graphs from. */
export interface ModelSpec {
  readonly config: ModelConfig;
  readonly task: Task;
  readonly options: Pick<BuilderOptions, 'adapter' | 'quantized'>;
  readonly isTrained: (parameter: Parameter) => boolean;
  readonly labelSmoothing: number;
  /** How trained parameters are moved; AdamW when absent. */
  readonly optimizer?: Optimizer;
  /** Mixed precision: matrices are multiplied in float16, all else is float32. */
  readonly float16?: boolean;
  /** Set where the run learns from pairs of answers. */
  readonly preference?: PreferenceOptions;
  /** Compute layers again in the backward pass instead of keeping what they made: `gradient_checkpointing`. */
  readonly checkpointing?: boolean;
  /** Train without dropout, whatever the config says of it. */
  readonly disableDropout?: boolean;
}
