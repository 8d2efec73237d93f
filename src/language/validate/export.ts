import { problem, replaceFix, type Problem } from '../problem.ts';
import { listNames } from './list-names.ts';
import type { Fields } from './fields.ts';

/** How each format can store weights. */
const QUANTIZATIONS: Readonly<Record<string, readonly string[]>> = {
  safetensors: ['none', 'f16', 'bf16'],
  onnx: ['none', 'f16', 'int8', 'int4'],
  gguf: ['none', 'f16', 'bf16', 'q8_0', 'q4_0'],
};

/** Settings of an export that its format cannot hold. */
export function checkExport(fields: Fields): Problem[] {
  if (fields.document.kind !== 'export') return [];
  const format = fields.string('format') ?? '';
  const quantization = fields.string('quantization') ?? 'none';
  const known = Object.hasOwn(QUANTIZATIONS, format) ? (QUANTIZATIONS[format] ?? []) : [];
  const node = fields.node('quantization');
  if (node && known.length > 0 && !known.includes(quantization)) {
    const others = known.filter((each) => each !== 'none');
    const message = `\`format: ${format}\` does not store weights as \`${quantization}\`; it takes ${listNames(known, known.length, 'or')}.`;
    return [
      problem(
        'tune/inconsistent-settings',
        node,
        message,
        others.map((each) => replaceFix(`Change to ${each}`, node, each)),
      ),
    ];
  }
  const merge = fields.node('merge_adapter');
  if (merge && fields.value('merge_adapter') === false && known.length > 0 && format !== 'safetensors') {
    const message = `An adapter alone can only be written as \`safetensors\`; \`format: ${format}\` needs one whole model. Set \`merge_adapter: true\`, or take \`format: safetensors\`.`;
    return [
      problem('tune/inconsistent-settings', merge, message, [replaceFix('Change to true', merge, 'true')]),
    ];
  }
  return [];
}
