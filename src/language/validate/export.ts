import { problem, replaceFix, type Problem } from '../problem.ts';
import type { Fields } from './fields.ts';
import { listNames } from './list-names.ts';

/** Formats that the language knows and the bundled trainer does not write, and what makes them of a folder that it does write. */
const CONVERTERS: Readonly<Record<string, string>> = {
  onnx: '`optimum-cli export onnx --model FOLDER OUTPUT` of optimum',
  gguf: '`convert_hf_to_gguf.py FOLDER` of llama.cpp',
};

/** How `safetensors` can store weights. */
const QUANTIZATIONS = ['none', 'f16', 'bf16'];

/** What an export asks for and is not written: a format, or weights that its format cannot hold. */
export function checkExport(fields: Fields): Problem[] {
  if (fields.document.kind !== 'export') return [];
  const format = fields.node('format');
  const name = fields.string('format') ?? '';
  const converter = Object.hasOwn(CONVERTERS, name) ? CONVERTERS[name] : undefined;
  if (format && converter !== undefined) {
    const message = `Tunebook does not write \`${name}\` yet. Export \`safetensors\`, and make one of that folder with ${converter}.`;
    return [
      problem('tune/unsupported-field', format, message, [
        replaceFix('Change to safetensors', format, 'safetensors'),
      ]),
    ];
  }
  const quantization = fields.node('quantization');
  const asked = fields.string('quantization') ?? 'none';
  const known = ['int8', 'int4', 'q8_0', 'q4_0'].includes(asked);
  if (!quantization || !known) return [];
  const message = `\`format: safetensors\` does not store weights as \`${asked}\`; it takes ${listNames(QUANTIZATIONS, QUANTIZATIONS.length, 'or')}.`;
  const fixes = ['f16', 'bf16'].map((each) => replaceFix(`Change to ${each}`, quantization, each));
  return [problem('tune/inconsistent-settings', quantization, message, fixes)];
}
