import Type from 'typebox';
import { Extends, Vars } from './extends.ts';
import { NAME_PATTERN, RowsOrFraction } from './field.ts';

const file = Type.String({ minLength: 1, 'x-reference': 'data-file' });
const labelsColumn = Type.String({ minLength: 1, 'x-reference': 'column' });

/** A field of `columns` that names the column of a role. */
function textColumn(role: string, holds: string, ...formats: string[]) {
  const only = formats.length === 1 ? `format \`${formats[0]}\`` : `formats \`${formats.join('` and `')}\``;
  return Type.Optional(
    Type.String({
      description: `The column that holds ${holds} (${only} only).`,
      default: role,
      minLength: 1,
      'x-reference': 'column',
    }),
  );
}

/** A `dataset:` document: files, their format, and which column is what. */
export const DatasetSchema = Type.Object(
  {
    dataset: Type.String({
      description:
        'The name of the data set. Runs and evaluations refer to its splits as `NAME.SPLIT`, for example `intents.train`.',
      pattern: NAME_PATTERN,
    }),
    extends: Extends('A data set'),
    files: Type.Record(
      Type.String({ pattern: NAME_PATTERN }),
      Type.Union([file, Type.Array(file, { minItems: 1 })], {
        description:
          'The file or files of this split: CSV, TSV, JSON Lines, JSON, Parquet, CoNLL or plain text (UTF-8, with or without `.gz`), relative to this config. A name may hold `*`, `?` and `**`, as in `data/*.jsonl`; several files are read one after another, those of a pattern sorted by their names. `hf:owner/name[@revision]` is the split of that name of a data set of the Hugging Face Hub, `#SPLIT` behind it another one, `/path` behind it certain files (`hf:owner/name/data/*.parquet`).',
        'x-usual-name': 'train',
        'x-counterpart': 'datasets.load_dataset(data_files)',
      }),
      {
        description:
          'The files of each split. Split names are yours; `train`, `validation` and `test` are usual.',
        minProperties: 1,
        'x-counterpart': 'datasets.load_dataset(data_files)',
      },
    ),
    train_test_split: Type.Optional(
      Type.Object(
        {
          test_size: RowsOrFraction({
            description:
              'How many rows are held out: below 1 a fraction of them (rounded up), else a number of rows.',
            examples: [0.1, 0.05, 200],
            'x-counterpart': 'datasets.Dataset.train_test_split(test_size)',
          }),
          seed: Type.Optional(
            Type.Integer({
              description:
                'Decides which rows are held out. The same seed always takes the same rows of the same files, those that `datasets` takes.',
              default: 42,
              minimum: 0,
              'x-counterpart': 'datasets.Dataset.train_test_split(seed)',
            }),
          ),
          stratify_by_column: Type.Optional(
            Type.String({
              description:
                'A column, the label most often, whose values both splits shall have in the same shares. Unset draws from all rows alike.',
              minLength: 1,
              'x-reference': 'column',
              'x-counterpart': 'datasets.Dataset.train_test_split(stratify_by_column)',
            }),
          ),
        },
        {
          description:
            'Holds rows of the split `train` out: they become the split `validation`, and `train` is what is left. For data without a validation file of their own; settings are then chosen on rows that no run is trained on.',
          additionalProperties: false,
          'x-counterpart': 'datasets.Dataset.train_test_split',
        },
      ),
    ),
    format: Type.Optional(
      Type.Enum(
        [
          'classification',
          'multi-label-classification',
          'regression',
          'text',
          'prompt-completion',
          'chat',
          'alpaca',
          'sharegpt',
          'preference',
          'tokens',
        ],
        {
          description: 'What a row is. Unset, the columns tell it where they are those of one format only.',
          enumDescriptions: [
            'A text and its label, in the columns `text` and `label`.',
            'A text and any number of labels, in the columns `text` and `labels`: a list (`["joy", "love"]`), in CSV also a text with `label_separator` between the labels (`joy,love`), or a column of 0 and 1 for each label (`labels: [toxic, insult]`).',
            'A text and a number, in the columns `text` and `label`.',
            'A text alone, in the column `text`; in a `.txt` file a row is what `sample_by` says.',
            'What is given to a model and what it should answer, in the columns `prompt` and `completion`.',
            'A conversation: a list of messages with `role` and `content`, in the column `messages`, as OpenAI’s files have it.',
            'An instruction and its answer, in the columns `instruction` and `output`, with `input`, `system` and `history` where they are there, as Alpaca’s files have it. Read as a conversation, as LLaMA-Factory reads it.',
            'A conversation: a list of turns with `from` and `value`, in the column `conversations`, as ShareGPT’s files have it, with `tools` where functions are called.',
            'A prompt and two answers, of which the first is better, in the columns `prompt`, `chosen` and `rejected`, as texts or as lists of messages; without `prompt` it is what both begin with. OpenAI’s and LLaMA-Factory’s files are read as they are. For `method: dpo` and `orpo`.',
            'A list of words and a list of their tags, such as B-person, I-person and O, in the columns `tokens` and `ner_tags`; also CoNLL files.',
          ],
        },
      ),
    ),
    config: Type.Optional(
      Type.String({
        description:
          'The configuration of a data set of the Hugging Face Hub, where it has several, for example a language. Unset takes its default one.',
        minLength: 1,
        'x-counterpart': 'datasets.load_dataset(name)',
      }),
    ),
    sample_by: Type.Optional(
      Type.Enum(['line', 'paragraph', 'document'], {
        description:
          'What a row of a `.txt` file is. For pretraining, paragraphs or whole files keep the line breaks that a model should learn.',
        default: 'line',
        enumDescriptions: [
          'Each line that is not blank.',
          'What stands between blank lines.',
          'The whole file.',
        ],
        'x-counterpart': 'datasets.load_dataset("text", sample_by)',
      }),
    ),
    columns: Type.Optional(
      Type.Object(
        {
          text: Type.Optional(
            Type.String({
              description: 'The column that holds the text.',
              default: 'text',
              minLength: 1,
              'x-reference': 'column',
            }),
          ),
          text_pair: Type.Optional(
            Type.String({
              description:
                'The column of a second text, where a row is a pair: sentence and paraphrase, premise and hypothesis (formats `classification`, `multi-label-classification` and `regression`).',
              minLength: 1,
              'x-reference': 'column',
              'x-counterpart': 'transformers.PreTrainedTokenizer(text_pair)',
            }),
          ),
          prompt: Type.Optional(
            Type.String({
              description:
                'The column that holds what the model is given (formats `prompt-completion` and `preference`).',
              default: 'prompt',
              minLength: 1,
              'x-reference': 'column',
            }),
          ),
          completion: Type.Optional(
            Type.String({
              description:
                'The column that holds what the model should answer (format `prompt-completion` only).',
              default: 'completion',
              minLength: 1,
              'x-reference': 'column',
            }),
          ),
          chosen: Type.Optional(
            Type.String({
              description: 'The column that holds the better answer (format `preference` only).',
              default: 'chosen',
              minLength: 1,
              'x-reference': 'column',
            }),
          ),
          rejected: Type.Optional(
            Type.String({
              description: 'The column that holds the worse answer (format `preference` only).',
              default: 'rejected',
              minLength: 1,
              'x-reference': 'column',
            }),
          ),
          messages: Type.Optional(
            Type.String({
              description: 'The column that holds the list of messages (format `chat` only).',
              default: 'messages',
              minLength: 1,
              'x-reference': 'column',
            }),
          ),
          instruction: textColumn('instruction', 'what is to be done', 'alpaca'),
          input: textColumn('input', 'what it is to be done with, where a row has it', 'alpaca'),
          output: textColumn('output', 'what the model should answer', 'alpaca'),
          history: textColumn(
            'history',
            'the earlier turns, as a list of pairs, where a row has them',
            'alpaca',
          ),
          system: textColumn('system', 'the system message, where a row has one', 'alpaca', 'sharegpt'),
          conversations: textColumn('conversations', 'the list of turns', 'sharegpt'),
          tools: textColumn(
            'tools',
            'the functions that may be called, as a list or its JSON, where a row has them',
            'sharegpt',
          ),
          tokens: Type.Optional(
            Type.String({
              description: 'The column that holds the list of words (format `tokens` only).',
              default: 'tokens',
              minLength: 1,
              'x-reference': 'column',
            }),
          ),
          tags: Type.Optional(
            Type.String({
              description: 'The column that holds the list of tags, one a word (format `tokens` only).',
              default: 'ner_tags',
              minLength: 1,
              'x-reference': 'column',
            }),
          ),
          label: Type.Optional(
            Type.String({
              description:
                'The column that holds the label, as a name or a number (format `classification`), or the number itself (format `regression`).',
              default: 'label',
              minLength: 1,
              'x-reference': 'column',
              'x-counterpart': 'transformers.TrainingArguments.label_names',
            }),
          ),
          labels: Type.Optional(
            Type.Union([labelsColumn, Type.Array(labelsColumn, { minItems: 2, uniqueItems: true })], {
              description:
                'The column that holds the labels of a row (format `multi-label-classification` only). A list of columns instead names one column for each label, which holds 1 where the row has it and 0 where not; the columns are the labels, in that order.',
              default: 'labels',
            }),
          ),
        },
        {
          description: 'Which column of the file is what, where the names differ.',
          additionalProperties: false,
          default: {},
          'x-counterpart': 'datasets.Dataset.rename_columns',
        },
      ),
    ),
    label_separator: Type.Optional(
      Type.String({
        description:
          'What stands between the labels of a row where they are written as one text, `joy,love` (format `multi-label-classification` only). A text that begins with `[` is read as a JSON list instead.',
        default: ',',
        minLength: 1,
        examples: [',', ';', '|'],
      }),
    ),
    labels: Type.Optional(
      Type.Array(Type.String(), {
        description:
          'The label names in the order of their ids. Unset takes the distinct labels of the data, sorted. Naming them makes a typo in the data an error.',
        minItems: 2,
        uniqueItems: true,
        'x-counterpart': 'datasets.ClassLabel(names)',
      }),
    ),
    vars: Vars(),
  },
  {
    description:
      'Files with rows to train or evaluate on: where they lie, what a row is, and which column is what.',
    additionalProperties: false,
  },
);
