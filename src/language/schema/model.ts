import Type from 'typebox';
import { ArchitectureSchema } from './architecture.ts';

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
          'One label for each text; needs a data set with `format: classification`.',
          'One label for each word, for finding names and the like; needs a data set with `format: tokens`.',
          'Causal language modelling: predict each next token, for pretraining and for supervised fine-tuning; needs a data set with `format: text`, `prompt-completion` or `chat`, or `preference` with `method: dpo`.',
          'Masked-language pretraining: hide some tokens and predict them; needs a data set with `format: text`.',
        ],
        'x-counterpart': 'transformers.pipeline(task)',
      }),
    ),
    num_labels: Type.Optional(
      Type.Integer({
        description:
          'How many labels the classification head has. Unset takes the labels of the training data; set, it must be the number of labels there.',
        minimum: 2,
        'x-counterpart': 'transformers.PreTrainedConfig.num_labels',
      }),
    ),
    labels: Type.Optional(
      Type.Array(Type.String(), {
        description:
          'The names of the labels in the order of their ids (`id2label`). Unset takes those of the data set.',
        minItems: 2,
        uniqueItems: true,
        'x-counterpart': 'transformers.PreTrainedConfig.id2label',
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
