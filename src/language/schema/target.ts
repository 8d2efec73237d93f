import Type from 'typebox';
import { MOST_THREADS } from './limits.ts';

/** `target:`: where the run is computed. */
export const TargetSchema = Type.Object(
  {
    local: Type.Object(
      {
        device: Type.Optional(
          Type.Enum(['auto', 'cpu', 'webgpu', 'cuda', 'dml', 'coreml'], {
            description:
              'The device of this machine that computes the run, named as the execution providers of onnxruntime. `tunebook devices` says which are there.',
            default: 'auto',
            enumDescriptions: [
              'The first of `webgpu`, `cuda`, `dml` and `coreml` that is there, is no software device and computes what the processor does; else the processor.',
              'The processor.',
              'The graphics card through WebGPU (Vulkan, Metal or Direct3D 12); weights and moments stay on it.',
              'An NVIDIA card through CUDA: Linux x64, with libraries that are installed beside onnxruntime.',
              'The graphics card through DirectML: Windows.',
              'The GPU or neural engine through CoreML: Macs with Apple silicon.',
            ],
            'x-counterpart': 'transformers.TrainingArguments.use_cpu',
          }),
        ),
        threads: Type.Optional(
          Type.Integer({
            description:
              'How many processor threads compute. Unset takes one for each physical core. A resumed run equals an undisturbed one bit for bit only with the same number.',
            minimum: 1,
            maximum: MOST_THREADS,
            'x-counterpart': 'torch.set_num_threads',
          }),
        ),
      },
      {
        description: 'This machine, with the bundled trainer; no Python is needed.',
        additionalProperties: false,
        default: {},
      },
    ),
  },
  {
    description: 'Where the run is computed.',
    additionalProperties: false,
    default: { local: { device: 'auto' } },
  },
);
