import Type from 'typebox';
import { Extends, Vars } from './extends.ts';
import { NAME_PATTERN } from './field.ts';
import { GenerationSchema } from './generation.ts';

const SLOTS = 'Jinja; `{{ column }}` stands for the value of that column of the row';

const MessageSchema = Type.Object(
  {
    role: Type.Enum(['system', 'user', 'assistant'], {
      description: 'Who says it.',
      enumDescriptions: [
        'What the model is told about its task, before the conversation.',
        'What the model answers to.',
        'What the model is made to have said: an example of an answer.',
      ],
      'x-counterpart': 'transformers.PreTrainedTokenizer.apply_chat_template(conversation)',
    }),
    content: Type.String({
      description: `The text of the message: ${SLOTS}.`,
      minLength: 1,
      'x-counterpart': 'transformers.PreTrainedTokenizer.apply_chat_template(conversation)',
    }),
  },
  { description: 'A message of the conversation.', additionalProperties: false },
);

const ExamplesSchema = Type.Object(
  {
    data: Type.String({
      description:
        'The split that examples are taken from, as `DATASET.SPLIT`: the training split, never the one that is evaluated on.',
      minLength: 1,
      'x-reference': 'split',
    }),
    count: Type.Optional(
      Type.Integer({
        description: 'How many examples stand in front of each row. Each makes every prompt longer.',
        default: 4,
        minimum: 1,
        maximum: 1000,
        'x-counterpart': 'lm_eval.simple_evaluate(num_fewshot)',
      }),
    ),
    select: Type.Optional(
      Type.Enum(['random', 'similar'], {
        description: 'Which examples are taken.',
        default: 'random',
        enumDescriptions: [
          'The same ones for all rows, drawn once by `seed`.',
          'For each row the ones most similar to it, by the words that they share (BM25). The most similar one stands last.',
        ],
      }),
    ),
    seed: Type.Optional(
      Type.Integer({
        description: 'Seed of the draw for `select: random`.',
        default: 42,
        minimum: 0,
        maximum: 4294967295,
        'x-counterpart': 'lm_eval.simple_evaluate(fewshot_random_seed)',
      }),
    ),
  },
  {
    description:
      'Few-shot examples: rows with their answers that stand in front of the row in question. In a chat each is the last user message, filled with its row, and an assistant message with its answer; in a `template` the template filled with its row, its answer, and an empty line.',
    additionalProperties: false,
  },
);

/** A `prompt:` document: what a model is asked for each row. */
export const PromptSchema = Type.Object(
  {
    prompt: Type.String({
      description: 'The name of the prompt. Candidates of an evaluation refer to it.',
      pattern: NAME_PATTERN,
    }),
    extends: Extends('A prompt'),
    messages: Type.Optional(
      Type.Array(MessageSchema, {
        description:
          'A conversation, for models that were trained to chat: the chat template of the tokenizer makes a text of it. The last message is the one that is answered.',
        minItems: 1,
        'x-counterpart': 'transformers.PreTrainedTokenizer.apply_chat_template(conversation)',
      }),
    ),
    template: Type.Optional(
      Type.String({
        description: `A text that the model continues, for models that were not trained to chat: ${SLOTS}.`,
        minLength: 1,
        examples: ['{{ text }}'],
        'x-counterpart': 'transformers.pipeline("text-generation")(text_inputs)',
      }),
    ),
    examples: Type.Optional(ExamplesSchema),
    generation: Type.Optional(GenerationSchema),
    vars: Vars(),
  },
  {
    description:
      'What a model is asked for each row: `messages` for a chat, or a `template` to continue, with few-shot examples where wanted.',
    additionalProperties: false,
    'x-one-of': ['messages', 'template'],
  },
);
