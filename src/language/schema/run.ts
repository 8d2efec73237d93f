import Type from 'typebox';
import { Extends, Vars } from './extends.ts';
import { NAME_PATTERN } from './field.ts';
import { MethodSchema } from './method.ts';
import { ModelSchema } from './model.ts';
import { TargetSchema } from './target.ts';
import { TrainSchema } from './training.ts';

const RunDataSchema = Type.Object(
  {
    train: Type.String({
      description: 'The split to train on, as `DATASET.SPLIT`.',
      minLength: 1,
      'x-reference': 'split',
      'x-counterpart': 'transformers.Trainer(train_dataset)',
    }),
    eval: Type.Optional(
      Type.String({
        description:
          'The split to evaluate on while training, as `DATASET.SPLIT`; `train.eval_strategy` says when. Keep the test split out of here: settings are chosen on this one.',
        minLength: 1,
        'x-reference': 'split',
        'x-counterpart': 'transformers.Trainer(eval_dataset)',
      }),
    ),
    max_length: Type.Optional(
      Type.Integer({
        description:
          'Texts are cut to this many tokens, special tokens included. Time and memory grow with it; it cannot exceed what the model can read.',
        default: 128,
        minimum: 3,
        examples: [64, 128, 256, 512],
        'x-counterpart': 'transformers.PreTrainedTokenizer(max_length)',
      }),
    ),
    packing: Type.Optional(
      Type.Boolean({
        description:
          'Put several examples into one row of `max_length` tokens (task `text-generation` only). Attention and positions stay within each example, so the result is that of longer batches; steps become fewer.',
        default: false,
        'x-counterpart': 'trl.SFTConfig.packing',
      }),
    ),
    packing_strategy: Type.Optional(
      Type.Enum(['bfd', 'wrapped'], {
        description: 'How examples are put into rows when `packing` is on.',
        default: 'bfd',
        enumDescriptions: [
          'Best fit decreasing: whole examples, each into the row that it fills best; what is longer than `max_length` is cut.',
          'All examples end to end, cut into rows of `max_length`: nothing is lost, and a row may begin in the middle of an example. Usual for pretraining.',
        ],
        'x-counterpart': 'trl.SFTConfig.packing_strategy',
      }),
    ),
    completion_only_loss: Type.Optional(
      Type.Boolean({
        description:
          'Train on the tokens of the completion alone, not on those of the prompt (format `prompt-completion` only).',
        default: true,
        'x-counterpart': 'trl.SFTConfig.completion_only_loss',
      }),
    ),
    assistant_only_loss: Type.Optional(
      Type.Boolean({
        description:
          'Train on what the assistant says alone, not on what it answers to (format `chat` only). A message with `weight: 0` is not learnt either.',
        default: false,
        'x-counterpart': 'trl.SFTConfig.assistant_only_loss',
      }),
    ),
    chat_template_path: Type.Optional(
      Type.String({
        description:
          'A Jinja file that makes a text of a conversation (format `chat` only), relative to this config. Unset takes the template of the tokenizer.',
        minLength: 1,
        'x-reference': 'data-file',
        'x-counterpart': 'trl.SFTConfig.chat_template_path',
      }),
    ),
    mlm_probability: Type.Optional(
      Type.Number({
        description: 'Share of the tokens that is hidden and predicted (task `fill-mask` only).',
        default: 0.15,
        exclusiveMinimum: 0,
        exclusiveMaximum: 1,
        'x-counterpart': 'transformers.DataCollatorForLanguageModeling(mlm_probability)',
      }),
    ),
  },
  { description: 'What the model is trained on, and how texts become tokens.', additionalProperties: false },
);

/** A `run:` document: one training run. */
export const RunSchema = Type.Object(
  {
    run: Type.String({
      description:
        'The name of the run. Its directory, the tree and evaluations show it; names may repeat, ids do not.',
      pattern: NAME_PATTERN,
    }),
    extends: Extends('A run'),
    model: ModelSchema,
    data: RunDataSchema,
    method: Type.Optional(MethodSchema),
    train: Type.Optional(TrainSchema),
    target: Type.Optional(TargetSchema),
    vars: Vars(),
  },
  {
    description: 'One training run: model, data, method, settings, and where it is computed.',
    additionalProperties: false,
  },
);
