import type { Tensor } from '../graph/graph.ts';
import { scale } from '../graph/ops/elementwise.ts';
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
    }
  | {
      readonly type: 'yarn';
      readonly theta: number;
      readonly factor: number;
      /** Turns over `originalLength` from which on a wave stays as it is, and up to which it is stretched whole. */
      readonly betaFast: number;
      readonly betaSlow: number;
      readonly originalLength: number;
      /** Whether the pairs between which waves are mixed are rounded outwards to whole ones. */
      readonly truncate: boolean;
      /** Factor of cosines and sines. */
      readonly attentionFactor: number;
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
  // It stretches texts beyond `max_position_embeddings` alone, and no longer ones are read.
  if (type === 'dynamic') return { type: 'default', theta };
  const original = 'original_max_position_embeddings';
  const longest = fields['max_position_embeddings'];
  const originalLength = () => number(original, fields[original] ?? longest);
  if (type === 'llama3')
    return {
      type,
      theta,
      factor: number('factor'),
      lowFreqFactor: number('low_freq_factor'),
      highFreqFactor: number('high_freq_factor'),
      originalLength: originalLength(),
    };
  if (type === 'yarn') {
    const factor = number('factor', typeof longest === 'number' ? longest / originalLength() : undefined);
    const { mscale, mscale_all_dim: all } = scaling;
    const isRelative = typeof mscale === 'number' && typeof all === 'number' && mscale !== 0 && all !== 0;
    return {
      type,
      theta,
      factor,
      betaFast: number('beta_fast', 32),
      betaSlow: number('beta_slow', 1),
      originalLength: originalLength(),
      truncate: scaling['truncate'] !== false,
      attentionFactor: number(
        'attention_factor',
        isRelative ? magnitude(factor, mscale) / magnitude(factor, all) : magnitude(factor, 1),
      ),
    };
  }
  throw badConfig(
    file,
    `rotary positions of type ${JSON.stringify(type)} are not computed; default, linear, dynamic, llama3 and yarn are`,
  );
}

/** How much steeper YaRN makes attention over longer texts (https://arxiv.org/abs/2309.00071, equation 22). */
function magnitude(factor: number, scale: number): number {
  return factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1;
}

/**
 * The positions of layers that see everything and of layers with a window, which differ in Gemma 3: `rope_parameters` by kind of layer, or
 * those of before: `rope_theta` and `rope_scaling` for the ones, `rope_local_base_freq` for the others.
 * @throws TunebookError `model/bad-config`
 */
export function readRotaryByLayer(
  fields: Fields,
  file: string,
): Record<'full_attention' | 'sliding_attention', RotaryConfig> {
  const { full_attention, sliding_attention, ...others } = objectOf(fields['rope_parameters']) ?? {};
  const [stray] = Object.keys(others);
  if (stray !== undefined)
    throw badConfig(
      file,
      `rope_parameters has ${stray} beside full_attention and sliding_attention, where transformers does not read it`,
    );
  const read = (given: unknown, theta: unknown, scaling?: unknown) =>
    readRotary(
      { ...fields, rope_theta: theta, rope_parameters: { ...objectOf(given), ...objectOf(scaling) } },
      file,
    );
  return {
    full_attention: read(full_attention, fields['rope_theta'] ?? 1e6, fields['rope_scaling']),
    sliding_attention: read(sliding_attention, fields['rope_local_base_freq'] ?? 1e4),
  };
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
  const factor = config.type === 'yarn' ? config.attentionFactor : 1;
  const of = (op: 'Cos' | 'Sin'): Tensor => {
    const values = cast(g, g.single(op, [exact], {}, angles.shape, 'float64'), 'float32');
    return factor === 1 ? values : scale(g, values, factor);
  };
  return { cos: of('Cos'), sin: of('Sin') };
}

/** `[head / 2]`: `θ^(−2i / head)` for each pair, stretched as the config says (transformers' ROPE_INIT_FUNCTIONS). */
export function inverseFrequencies(head: number, config: RotaryConfig): Float32Array {
  const plain = Float32Array.from({ length: head / 2 }, (_, i) => 1 / config.theta ** ((2 * i) / head));
  if (config.type === 'default') return plain;
  if (config.type === 'linear') return plain.map((frequency) => frequency / config.factor);
  const stretched = config.type === 'llama3' ? shareByWave(config) : shareByPair(head, config);
  return plain.map((frequency, i) => {
    const share = stretched(frequency, i);
    return (share * frequency) / config.factor + (1 - share) * frequency;
  });
}

/** Llama 3.1: how much of a wave is stretched: nothing of a short one, all of a long one. */
function shareByWave(config: RotaryConfig & { type: 'llama3' }) {
  const { lowFreqFactor, highFreqFactor, originalLength } = config;
  return (frequency: number) => {
    const turns = (originalLength * frequency) / (2 * Math.PI);
    return clamp01((highFreqFactor - turns) / (highFreqFactor - lowFreqFactor));
  };
}

/** YaRN: the same, but that the share grows evenly from one pair to another. */
function shareByPair(head: number, config: RotaryConfig & { type: 'yarn' }) {
  const { theta, betaFast, betaSlow, originalLength, truncate } = config;
  const pairOf = (turns: number) =>
    (head * Math.log(originalLength / (turns * 2 * Math.PI))) / (2 * Math.log(theta));
  const [first, last] = [pairOf(betaFast), pairOf(betaSlow)];
  const from = Math.max(truncate ? Math.floor(first) : first, 0);
  const to = Math.min(truncate ? Math.ceil(last) : last, head - 1);
  // transformers keeps the two apart by as much.
  const width = from === to ? 0.001 : to - from;
  return (_: number, pair: number) => clamp01((pair - from) / width);
}

function clamp01(value: number): number {
  return Math.min(1, Math.max(0, value));
}

function objectOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : undefined;
}
