import Type from 'typebox';
import { ArchitectureSchema } from './architecture.ts';
import { PROBLEM_TYPES } from './formats.ts';

/** `model:`: which model is trained, and for what. */
export const ModelSchema = Type.Object(
  {
    base: Type.String({
      description:
        'The model to start from: a folder in Hugging Face layout (relative to this file), `hf:owner/name` or `hf:owner/name@revision` for a model of the Hugging Face Hub, which is fetched into the Hugging Face cache when a run needs it, `run:NAME` for the newest finished run of that name, `run:NAME@ID` for one certain run, or `scratch` for random weights shaped by `architecture`.',
      minLength: 1,
      examples: ['scratch'],
      'x-reference': 'model',
      'x-counterpart': 'transformers.AutoModel.from_pretrained(pretrained_model_name_or_path)',
    }),
    task: Type.Optional(
      Type.Enum(['text-classification', 'token-classification', 'text-generation', 'fill-mask'], {
        description: 'What the model is trained for; it decides the head and the loss.',
        default: 'text-classification',
        enumDescriptions: [
          'Labels or a number for each text, as `problem_type` says; needs a data set with `format: classification`, `multi-label-classification` or `regression`.',
          'One label for each word, for finding names and the like; needs a data set with `format: tokens`.',
          'Causal language modelling: predict each next token, for pretraining and for supervised fine-tuning; needs a data set with `format: text`, `prompt-completion` or `chat`, or `preference` with `method: dpo` or `orpo`.',
          'Masked-language pretraining: hide some tokens and predict them; needs a data set with `format: text`.',
        ],
        'x-counterpart': 'transformers.pipeline(task)',
      }),
    ),
    problem_type: Type.Optional(
      Type.Enum([...PROBLEM_TYPES], {
        description:
          'What the outputs of a text classifier mean, and so its loss (task `text-classification` only). Unset follows the `format` of the training data. It is written into `config.json`.',
        enumDescriptions: [
          'One label for each text (`format: classification`): softmax, cross entropy.',
          'Any number of labels for each text (`format: multi-label-classification`): a sigmoid for each label, binary cross entropy. A label is given where its probability is above 0.5.',
          'A number for each text (`format: regression`): one output, mean squared error.',
        ],
        'x-counterpart': 'transformers.PreTrainedConfig.problem_type',
      }),
    ),
    num_labels: Type.Optional(
      Type.Integer({
        description:
          'How many outputs the classification head has: one a label, and 1 for `regression`. Unset takes the labels of the training data; set, it must be the number of labels there.',
        minimum: 1,
        'x-counterpart': 'transformers.PreTrainedConfig.num_labels',
      }),
    ),
    labels: Type.Optional(
      Type.Array(Type.String(), {
        description:
          'The names of the labels in the order of their ids (`id2label`). Unset takes those of the data set. Regression has none.',
        minItems: 2,
        uniqueItems: true,
        'x-counterpart': 'transformers.PreTrainedConfig.id2label',
      }),
    ),
    ignore_mismatched_sizes: Type.Optional(
      Type.Boolean({
        description:
          'Start the head anew where that of `base` has another size: a classifier is then trained for other labels than it knows. Only weights of the head may have another size.',
        default: false,
        'x-counterpart': 'transformers.PreTrainedModel.from_pretrained(ignore_mismatched_sizes)',
      }),
    ),
    architecture: Type.Optional(ArchitectureSchema),
    tokenizer: Type.Optional(
      Type.String({
        description:
          'A folder with `tokenizer.json`, relative to this file, or `hf:owner/name[@revision]` of the Hugging Face Hub. Unset takes the tokenizer of `base`; a model from scratch must name one.',
        minLength: 1,
        'x-reference': 'tokenizer',
        'x-counterpart': 'transformers.AutoTokenizer.from_pretrained(pretrained_model_name_or_path)',
      }),
    ),
  },
  { description: 'Which model is trained, and for what task.', additionalProperties: false },
);
