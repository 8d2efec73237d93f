import type { LinearLayer } from '../models/builder.ts';
import { magnitudeName } from './dora.ts';
import { isTargeted, type Lora } from './lora.ts';

type Values = Map<string, Float32Array>;

/**
 * Adds an adapter into the weights that it sits on, as PEFT's `merge_and_unload` does: `W + scale · B A`, with DoRA each row
 * brought to its learnt length. The adapter's own values are taken out; weights are new arrays.
 * @param values of every parameter by name; changed in place
 */
export function mergeLora(lora: Lora, layers: readonly LinearLayer[], values: Values): void {
  for (const layer of layers) {
    if (!isTargeted(layer.name, lora.options)) continue;
    const weight = adaptedWeight(lora, layer, values);
    const magnitude = values.get(magnitudeName(layer.name));
    if (magnitude) {
      const norms = rowNorms(layer, weight);
      eachElement(layer, (at, row) => (weight[at] = (weight[at]! * magnitude[row]!) / norms[row]!));
    }
    values.set(`${layer.name}.weight`, weight);
    for (const name of [
      `${layer.name}.lora_A.weight`,
      `${layer.name}.lora_B.weight`,
      magnitudeName(layer.name),
    ])
      values.delete(name);
  }
}

/** Sets the learnt lengths of DoRA to the real ones, from which training starts. */
export function startMagnitudes(lora: Lora, layers: readonly LinearLayer[], values: Values): void {
  for (const layer of layers)
    if (isTargeted(layer.name, lora.options))
      values.set(magnitudeName(layer.name), rowNorms(layer, adaptedWeight(lora, layer, values)));
}

/** `W + scale · B A`, laid out as W is; products are added up in double precision. */
function adaptedWeight(lora: Lora, layer: LinearLayer, values: Values): Float32Array {
  const { rank, scaling } = lora.sizeOf(layer.name);
  const [weight, a, b] = ['weight', 'lora_A.weight', 'lora_B.weight'].map((part) => {
    const value = values.get(`${layer.name}.${part}`);
    if (!value) throw new Error(`there is no ${layer.name}.${part} to merge`);
    return value;
  });
  const merged = Float32Array.from(weight!);
  eachElement(layer, (at, row, column) => {
    let sum = 0;
    for (let i = 0; i < rank; i++) sum += b![row * rank + i]! * a![i * layer.inFeatures + column]!;
    merged[at]! += scaling * sum;
  });
  return merged;
}

/** Length of each row (output) of a weight. */
function rowNorms(layer: LinearLayer, weight: Float32Array): Float32Array {
  const squares = new Float64Array(layer.outFeatures);
  eachElement(layer, (at, row) => (squares[row]! += weight[at]! ** 2));
  return Float32Array.from(squares, Math.sqrt);
}

/** Visits every element of a weight: where it lies, its output and its input. */
function eachElement(
  { inFeatures, outFeatures, fanInFanOut }: LinearLayer,
  visit: (at: number, output: number, input: number) => void,
): void {
  for (let output = 0; output < outFeatures; output++)
    for (let input = 0; input < inFeatures; input++)
      visit(fanInFanOut ? input * outFeatures + output : output * inFeatures + input, output, input);
}
