import Type from 'typebox';

const of = (name: string) => `transformers.GenerationConfig.${name}`;

/** `generation:`: how a model writes its answer. Names and meaning are those of transformers' `GenerationConfig`. */
export const GenerationSchema = Type.Object(
  {
    max_new_tokens: Type.Optional(
      Type.Integer({
        description:
          'The longest answer, in tokens; the prompt does not count. An answer that reaches it is cut off, so leave room, and lower it where answers are short: time grows with it. Transformers itself stops after 20 tokens, prompt included, where nothing is said.',
        default: 256,
        minimum: 1,
        examples: [16, 64, 256, 1024],
        'x-counterpart': of('max_new_tokens'),
      }),
    ),
    do_sample: Type.Optional(
      Type.Boolean({
        description:
          'Draw each token at random by its probability. Off takes the most probable one each time (greedy), so that the same prompt gives the same answer; `temperature`, `top_p` and `top_k` then do nothing.',
        default: false,
        'x-counterpart': of('do_sample'),
      }),
    ),
    temperature: Type.Optional(
      Type.Number({
        description:
          'Divides the logits before a token is drawn: below 1 makes answers more predictable, above 1 more varied. Needs `do_sample`.',
        default: 1,
        exclusiveMinimum: 0,
        maximum: 10,
        examples: [0.2, 0.7, 1],
        'x-counterpart': of('temperature'),
      }),
    ),
    top_p: Type.Optional(
      Type.Number({
        description:
          'Draw from the fewest tokens whose probabilities add up to this share (nucleus sampling). 1 takes all of them. Needs `do_sample`.',
        default: 1,
        exclusiveMinimum: 0,
        maximum: 1,
        examples: [0.9, 0.95],
        'x-counterpart': of('top_p'),
      }),
    ),
    top_k: Type.Optional(
      Type.Integer({
        description: 'Draw from so many of the most probable tokens. 0 takes all of them. Needs `do_sample`.',
        default: 50,
        minimum: 0,
        'x-counterpart': of('top_k'),
      }),
    ),
    repetition_penalty: Type.Optional(
      Type.Number({
        description:
          'Makes tokens that stand in the prompt or the answer already less probable. 1 is off; 1.1 is usual against loops.',
        default: 1,
        exclusiveMinimum: 0,
        maximum: 10,
        'x-counterpart': of('repetition_penalty'),
      }),
    ),
    stop_strings: Type.Optional(
      Type.Array(Type.String({ pattern: '^[\\s\\S]+$' }), {
        description:
          'Texts that end an answer; the text itself is cut off. The end-of-sequence token of the model ends it in any case.',
        minItems: 1,
        uniqueItems: true,
        'x-counterpart': of('stop_strings'),
      }),
    ),
    seed: Type.Optional(
      Type.Integer({
        description:
          'Seed of the random draw. Each row has its own stream made of this seed and its number, so that the order of rows changes nothing. Needs `do_sample`.',
        default: 42,
        minimum: 0,
        maximum: 4294967295,
        'x-counterpart': 'transformers.set_seed',
      }),
    ),
  },
  {
    description:
      "How the answer is written. Names and meaning are those of Hugging Face's `GenerationConfig`.",
    additionalProperties: false,
    'x-counterpart': 'transformers.GenerationConfig',
  },
);
