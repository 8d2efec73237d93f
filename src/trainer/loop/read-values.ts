import { locateParameters, type InspectedModel } from '../checkpoint/inspect-model.ts';
import { loadParameters } from '../checkpoint/load-parameters.ts';
import { mergeLora, startMagnitudes } from '../methods/merge.ts';
import type { ModelLayout } from './layout.ts';
import { loadQuantized } from './quantize-weights.ts';

/**
 * Reads the weights of a run's model; what no file has starts at random.
 * @throws TunebookError `model/shape-mismatch`, `model/adapter-unsupported`, and those of the safetensors reader
 */
export function readValues(
  layout: ModelLayout,
  model: InspectedModel | undefined,
  seed: number,
): Map<string, Float32Array> {
  const { bare, replaced, quantized, method, task, parameters, linearLayers, continues } = layout;
  const { base, adapter: before } = model ?? {};
  const folders = base === undefined ? [] : [base];
  const inFour = new Set(
    quantized ? bare.linearLayers.filter(quantized).map(({ name }) => `${name}.weight`) : [],
  );
  const anew = new Set(replaced.map(({ name }) => name));
  const rest = [...bare.parameters.values()].filter(({ name }) => !inFour.has(name) && !anew.has(name));
  const { values } = loadParameters(rest, folders, seed);
  if (quantized) loadQuantized(bare, quantized, folders, values);
  if (model && before) {
    const { inAdapter } = locateParameters(model, task);
    for (const [name, value] of loadParameters(inAdapter, [before.folder], seed).values)
      values.set(name, value);
    if (!method.lora) mergeLora(before.lora, bare.linearLayers, values);
  }
  const added = parameters.filter(({ name }) => !values.has(name));
  for (const [name, value] of loadParameters(added, [], seed).values) values.set(name, value);
  if (method.lora?.config.use_dora && !continues) startMagnitudes(method.lora.settings, linearLayers, values);
  return values;
}
