import { elementCount, type Parameter } from '../models/parameter.ts';
import { Random } from '../random.ts';

/**
 * Fresh values for a parameter, as transformers and PEFT would start it. The same (seed, name) gives the same values
 * whatever else the model has, so adding an adapter does not change the head.
 */
export function initialize(parameter: Parameter, seed: number): Float32Array {
  const { init, shape, name } = parameter;
  const values = new Float32Array(elementCount(shape));
  if (init.kind === 'constant') return values.fill(init.value);
  const random = new Random(seed, hash(name));
  if (init.kind === 'kaiming-uniform') {
    const bound = 1 / Math.sqrt(init.fanIn);
    for (let i = 0; i < values.length; i++) values[i] = (2 * random.uniform() - 1) * bound;
    return values;
  }
  fillNormal(values, init.std, random);
  if (init.zeroRow !== undefined) {
    const width = shape[1] ?? 1;
    values.fill(0, init.zeroRow * width, (init.zeroRow + 1) * width);
  }
  return values;
}

/** Box–Muller: two normal numbers from two uniform ones. */
function fillNormal(values: Float32Array, std: number, random: Random): void {
  for (let i = 0; i < values.length; i += 2) {
    const radius = std * Math.sqrt(-2 * Math.log(1 - random.uniform()));
    const angle = 2 * Math.PI * random.uniform();
    values[i] = radius * Math.cos(angle);
    if (i + 1 < values.length) values[i + 1] = radius * Math.sin(angle);
  }
}

/** FNV-1a, 32 bits: a stream number for a name. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
