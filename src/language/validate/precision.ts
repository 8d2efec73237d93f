import { problem, removeFix, type Problem } from '../problem.ts';
import type { Fields } from './fields.ts';
import type { World } from './world.ts';

/** Why a device multiplies no bfloat16 matrices here. */
const NO_BFLOAT16: Readonly<Record<string, string>> = {
  cpu: "onnxruntime's processor provider has no bfloat16 product",
  webgpu: 'the shading language of WebGPU has no bfloat16',
  cuda: "the training graph has not been tried with CUDA's bfloat16 products",
  dml: 'DirectML has no bfloat16',
  coreml: 'CoreML has no bfloat16 product',
};

/** Mixed precision that the device of a run cannot compute, or only slower than float32. */
export async function checkPrecision(fields: Fields, world: World): Promise<Problem[]> {
  const device = fields.string('target', 'local', 'device') ?? 'auto';
  return [...(await checkBfloat16(fields, device, world)), ...(await checkFloat16(fields, device, world))];
}

async function checkBfloat16(fields: Fields, device: string, world: World): Promise<Problem[]> {
  const entry = fields.entry('train', 'bf16');
  if (!entry || fields.value('train', 'bf16') !== true) return [];
  const taken = device === 'auto' ? (await world.deviceFacts('auto'))?.device : device;
  const why =
    taken === undefined
      ? 'no device that `auto` takes multiplies bfloat16'
      : `on \`${taken}\`${device === 'auto' ? ', which `auto` takes here,' : ''} ${NO_BFLOAT16[taken] ?? 'there is no bfloat16'}`;
  const message = `\`bf16\` cannot be computed: ${why}. Remove it to compute in float32, or take \`fp16\`, float16 with a loss scale.`;
  return [problem('tune/precision', entry.key, message, [removeFix('Remove bf16', entry)])];
}

async function checkFloat16(fields: Fields, device: string, world: World): Promise<Problem[]> {
  const entry = fields.entry('train', 'fp16');
  if (!entry || fields.value('train', 'fp16') !== true) return [];
  const fixes = [removeFix('Remove fp16', entry)];
  const inFour = fields.value('method', 'quantization', 'load_in_4bit') === true;
  if (inFour && fields.entry('method', 'quantization')) {
    const message =
      '`fp16` does not go with `quantization`: weights in 4 bits are multiplied in float32, on the processor. Remove one of the two.';
    return [problem('tune/inconsistent-settings', entry.key, message, fixes)];
  }
  const facts = device === 'cpu' ? { device } : await world.deviceFacts(device);
  if (facts?.noFloat16 !== undefined) {
    const message = `\`fp16\` cannot be computed on \`${facts.device}\`: it multiplies no float16 here. ${facts.noFloat16} Remove \`fp16\`, or set \`device: auto\`.`;
    return [problem('tune/precision', entry.key, message, fixes)];
  }
  if (facts?.device !== 'cpu') return [];
  const which = device === 'auto' ? 'The processor, the device that `auto` takes here,' : 'The processor';
  const message = `${which} multiplies no float16: with \`fp16\` numbers are rounded to it and multiplied in float32, which is no faster than without and needs more memory. It is of use to try a run that goes to a GPU.`;
  return [problem('tune/slow-precision', entry.key, message, fixes)];
}
