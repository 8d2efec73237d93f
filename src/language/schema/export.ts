import Type from 'typebox';
import { Extends, Vars } from './extends.ts';
import { NAME_PATTERN } from './field.ts';

/** An `export:` document: what to deploy. */
export const ExportSchema = Type.Object(
  {
    export: Type.String({ description: 'The name of the export.', pattern: NAME_PATTERN }),
    extends: Extends('An export'),
    model: Type.String({
      description:
        'What is exported: `run:NAME` for the newest finished run of that name, `run:NAME@ID` for a certain one, or a model folder relative to this file.',
      minLength: 1,
      'x-reference': 'model',
      'x-counterpart': 'optimum.exporters.onnx(model_name_or_path)',
    }),
    format: Type.Optional(
      Type.Enum(['safetensors', 'onnx', 'gguf'], {
        description: 'What is written.',
        default: 'safetensors',
        enumDescriptions: [
          'A folder in Hugging Face layout, which transformers loads as it is.',
          'An ONNX graph with its tokenizer. Not written by Tunebook yet: convert a `safetensors` folder with optimum.',
          'One GGUF file. Not written by Tunebook yet: convert a `safetensors` folder with llama.cpp.',
        ],
        'x-counterpart': 'transformers.PreTrainedModel.save_pretrained',
      }),
    ),
    quantization: Type.Optional(
      Type.Enum(['none', 'f16', 'bf16', 'int8', 'int4', 'q8_0', 'q4_0'], {
        description:
          'How weights are stored. Fewer bits make the model smaller and often faster, and its answers a little different: evaluate what you deploy.',
        default: 'none',
        enumDescriptions: [
          'As they are; where an adapter is merged, in 32 bits.',
          '16-bit floating point.',
          '16-bit floating point with the range of 32 bits (`safetensors` and `gguf`).',
          '8-bit integers (`onnx`).',
          '4-bit integers in blocks (`onnx`).',
          '8-bit blocks of llama.cpp (`gguf`).',
          '4-bit blocks of llama.cpp (`gguf`).',
        ],
        'x-counterpart': 'transformers.PreTrainedModel.save_pretrained(dtype)',
      }),
    ),
    folder: Type.String({
      description:
        'The folder to write into, relative to this file. It is made where it does not exist; one that holds anything but an earlier export is not touched.',
      minLength: 1,
      'x-reference': 'folder',
      'x-counterpart': 'transformers.PreTrainedModel.save_pretrained(save_directory)',
    }),
    merge_adapter: Type.Optional(
      Type.Boolean({
        description:
          'Add LoRA matrices to the weights of the base, so that the export is one whole model. Off writes the adapter alone.',
        default: true,
        'x-counterpart': 'peft.PeftModel.merge_and_unload',
      }),
    ),
    vars: Vars(),
  },
  {
    description: 'What to deploy: a finished run or a model, in which format, how small, and where.',
    additionalProperties: false,
  },
);
