import Type from 'typebox';
import { DpoSchema } from './dpo.ts';
import { LoraSchema } from './lora.ts';
import { OrpoSchema } from './orpo.ts';
import { QuantizationSchema } from './quantization.ts';

/** `method:`: what is trained, and with `dpo` or `orpo` from what. */
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
    quantization: Type.Optional(QuantizationSchema),
    dpo: Type.Optional(DpoSchema),
    orpo: Type.Optional(OrpoSchema),
  },
  {
    description:
      'What is trained: every weight (`full`), or small added matrices (`lora`); one of them. Beside `lora` `quantization` keeps the rest in 4 bits (QLoRA); beside either `dpo` or `orpo` learns from pairs of answers instead of from texts.',
    additionalProperties: false,
    'x-one-of': ['full', 'lora'],
    default: { full: {} },
  },
);
