import Type from 'typebox';

/** `target:`: where the run is computed. */
export const TargetSchema = Type.Object(
  {
    local: Type.Object(
      {
        device: Type.Optional(
          Type.Enum(['auto', 'cpu', 'webgpu'], {
            description: 'The device of this machine that computes the run.',
            default: 'auto',
            enumDescriptions: [
              'The fastest device that is found and computes correctly.',
              'The processor.',
              'The graphics card through WebGPU (Vulkan, Metal or Direct3D 12).',
            ],
            'x-counterpart': 'transformers.TrainingArguments.use_cpu',
          }),
        ),
        threads: Type.Optional(
          Type.Integer({
            description:
              'How many processor threads compute. Unset takes one for each physical core. A resumed run equals an undisturbed one bit for bit only with the same number.',
            minimum: 1,
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
