import Type from 'typebox';
import { LoraSchema } from './lora.ts';

/** `method:`: what is trained. Exactly one key. */
export const MethodSchema = Type.Object(
  {
    full: Type.Optional(
      Type.Object(
        {},
        {
          description:
            'Full fine-tuning: every weight of the model is trained, and the result is a whole model. It has no settings of its own: `full: {}`.',
          additionalProperties: false,
        },
      ),
    ),
    lora: Type.Optional(LoraSchema),
  },
  {
    description:
      'What is trained: every weight (`full`), or small added matrices (`lora`). Exactly one of them.',
    additionalProperties: false,
    minProperties: 1,
    maxProperties: 1,
    default: { full: {} },
  },
);
