import type { Tensor } from '../graph/graph.ts';
import { cast, reshape } from '../graph/ops/shape.ts';
import type { BatchInputs } from './batch-inputs.ts';
import type { ModelBuilder } from './builder.ts';
import { badConfig, type Fields } from './read-fields.ts';

/** How positions become angles: `rope_theta`, `rope_scaling` and `rope_parameters` of a config.json. */
export type RotaryConfig =
  | { readonly type: 'default'; readonly theta: number }
  | { readonly type: 'linear'; readonly theta: number; readonly factor: number }
  | {
      readonly type: 'llama3';
      readonly theta: number;
      readonly factor: number;
      readonly lowFreqFactor: number;
      readonly highFreqFactor: number;
      readonly originalLength: number;
    };

/**
 * Reads transformers 5's `rope_parameters`, or `rope_theta` and `rope_scaling` of before.
 * @throws TunebookError `model/bad-config` for a scaling that is not computed
 */
export function readRotary(fields: Fields, file: string): RotaryConfig {
  const scaling = objectOf(fields['rope_parameters']) ?? objectOf(fields['rope_scaling']) ?? {};
  const number = (name: string, fallback?: unknown): number => {
    const value = scaling[name] ?? fallback;
    if (typeof value === 'number' && value > 0) return value;
    throw badConfig(file, `${name} of the rotary positions is ${JSON.stringify(value)}`);
  };
  const theta = number('rope_theta', fields['rope_theta'] ?? 10000);
  const partial = scaling['partial_rotary_factor'] ?? fields['partial_rotary_factor'] ?? 1;
  if (partial !== 1)
    throw badConfig(file, `partial_rotary_factor ${JSON.stringify(partial)} is not computed`);
  const type = scaling['rope_type'] ?? scaling['type'] ?? 'default';
  if (type === 'default') return { type, theta };
  if (type === 'linear') return { type, theta, factor: number('factor') };
  if (type === 'llama3')
    return {
      type,
      theta,
      factor: number('factor'),
      lowFreqFactor: number('low_freq_factor'),
      highFreqFactor: number('high_freq_factor'),
      originalLength: number('original_max_position_embeddings'),
    };
  throw badConfig(
    file,
    `rotary positions of type ${JSON.stringify(type)} are not computed; default, linear and llama3 are`,
  );
}

/** Cosines and sines of each token's angles, `[tokens, head / 2] float32`; the same for every layer. */
export function rotaryAngles(b: ModelBuilder, inputs: BatchInputs, head: number, config: RotaryConfig) {
  const g = b.graph;
  const half = head / 2;
  const frequencies = g.constant([...inverseFrequencies(head, config)], [1, half]);
  const positions = g.single('Cast', [inputs.position_ids], { to: 1 }, ['tokens']);
  const column = reshape(g, positions, ['tokens', 1]);
  const angles = g.single('Mul', [column, frequencies], {}, ['tokens', half]);
  // A device's own cosine is good to three digits only (WGSL allows 2⁻¹¹); what has 64 bits the processor computes.
  const exact = cast(g, angles, 'float64');
  const of = (op: 'Cos' | 'Sin'): Tensor =>
    cast(g, g.single(op, [exact], {}, angles.shape, 'float64'), 'float32');
  return { cos: of('Cos'), sin: of('Sin') };
}

/** `θ^(−2i / head)` for each pair, stretched as the config says (transformers' ROPE_INIT_FUNCTIONS). */
function inverseFrequencies(head: number, config: RotaryConfig): Float32Array {
  const plain = Float32Array.from({ length: head / 2 }, (_, i) => 1 / config.theta ** ((2 * i) / head));
  if (config.type === 'default') return plain;
  if (config.type === 'linear') return plain.map((frequency) => frequency / config.factor);
  // Llama 3.1: short waves stay, long ones are stretched, those between are mixed.
  const { factor, lowFreqFactor, highFreqFactor, originalLength } = config;
  return plain.map((frequency) => {
    const wave = (2 * Math.PI) / frequency;
    if (wave < originalLength / highFreqFactor) return frequency;
    if (wave > originalLength / lowFreqFactor) return frequency / factor;
    const smooth = (originalLength / wave - lowFreqFactor) / (highFreqFactor - lowFreqFactor);
    return ((1 - smooth) * frequency) / factor + smooth * frequency;
  });
}

function objectOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : undefined;
}
