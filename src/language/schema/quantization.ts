import Type from 'typebox';

const of = (name: string) => `transformers.BitsAndBytesConfig.${name}`;

/** `method: quantization:`: names and meaning of transformers' `BitsAndBytesConfig`, as far as the trainer runs them. */
export const QuantizationSchema = Type.Object(
  {
    load_in_4bit: Type.Optional(
      Type.Boolean({
        description:
          'Keep the frozen weights of linear layers in 4 bits: an eighth of the memory. `false` leaves them as they are.',
        default: true,
        'x-counterpart': of('load_in_4bit'),
      }),
    ),
    bnb_4bit_quant_type: Type.Optional(
      Type.Enum(['nf4'], {
        description: 'The sixteen values that a weight may have.',
        default: 'nf4',
        enumDescriptions: [
          '4-bit NormalFloat in blocks of 64, bit for bit as bitsandbytes makes it: quantiles of a normal distribution.',
        ],
        'x-counterpart': of('bnb_4bit_quant_type'),
      }),
    ),
  },
  {
    description:
      'QLoRA: the frozen weights beside the added matrices of `lora` are kept in 4 bits and unpacked for each product. Training needs far less memory, takes somewhat longer, and starts from slightly coarser weights. On the processor only.',
    additionalProperties: false,
    'x-counterpart': 'transformers.BitsAndBytesConfig',
  },
);
