import { loadParameters } from '../checkpoint/load-parameters.ts';
import { NF4_BLOCK } from '../graph/ops/quantized.ts';
import { Nf4Quantizer } from '../kernels/nf4-quantizer.ts';
import { isSavedWhole } from '../methods/lora.ts';
import { quantizedNames, type LinearLayer, type ModelBuilder } from '../models/builder.ts';
import { mayBeFresh, type Head } from '../models/family.ts';
import type { MethodSettings } from './method.ts';

/**
 * Which linear layers of a run are kept in 4 bits.
 * @param saved modules that an adapter which the run goes on with has of its own
 * @returns undefined where the run keeps nothing in 4 bits
 */
export function quantizedLayers(
  { method }: Pick<MethodSettings, 'method'>,
  head: Head,
  saved: readonly string[] = [],
): ((layer: LinearLayer) => boolean) | undefined {
  if (!method.quantization || !('lora' in method)) return undefined;
  return layersInFourBits(head, [...(method.lora.modules_to_save ?? []), ...saved]);
}

/**
 * All layers but those of the head and those that are trained whole. One whose weights do not fill blocks of 64 stays as it is.
 * @param saved modules that are trained whole
 */
export function layersInFourBits(head: Head, saved: readonly string[]): (layer: LinearLayer) => boolean {
  const whole = { modules_to_save: saved };
  return ({ name, inFeatures, outFeatures }) =>
    (inFeatures * outFeatures) % NF4_BLOCK === 0 && !mayBeFresh(head, name) && !isSavedWhole(name, whole);
}

/**
 * Reads the weights of layers one at a time and keeps their 4 bits alone, so that the model never lies in memory whole.
 * @param builder of the model as its files have it
 * @param values gets the bytes and the scales of each layer
 */
export function loadQuantized(
  builder: ModelBuilder,
  isQuantized: (layer: LinearLayer) => boolean,
  folders: readonly string[],
  values: Map<string, Float32Array>,
): void {
  const quantizer = new Nf4Quantizer();
  for (const layer of builder.linearLayers.filter(isQuantized)) {
    const parameter = builder.parameters.get(`${layer.name}.weight`);
    if (!parameter) throw new Error(`the model has no weight of ${layer.name}`);
    const { values: read, initialized } = loadParameters([parameter], folders, 0);
    if (initialized.length > 0) throw new Error(`no file has ${parameter.name}`);
    const weight = read.get(parameter.name)!;
    const { inFeatures, outFeatures, fanInFanOut } = layer;
    const { packed, absmax } = quantizer.quantize(
      fanInFanOut ? transposed(weight, inFeatures, outFeatures) : weight,
    );
    const names = quantizedNames(layer.name);
    values.set(names.packed, new Float32Array(packed.buffer));
    values.set(names.absmax, absmax);
  }
}

/** A matrix the other way round: `[rows, columns]` → `[columns, rows]`. */
function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      result[column * rows + row] = values[row * columns + column]!;
  return result;
}
