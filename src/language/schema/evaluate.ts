import Type from 'typebox';
import { NAME_PATTERN } from './field.ts';

const CandidateSchema = Type.Object(
  {
    run: Type.Optional(
      Type.String({
        description: 'A run: `NAME` for its newest finished run, or `NAME@ID` for a certain one.',
        minLength: 1,
        'x-reference': 'run',
      }),
    ),
    model: Type.Optional(
      Type.String({
        description: 'A model folder in Hugging Face layout, relative to this file.',
        minLength: 1,
        'x-reference': 'model',
      }),
    ),
  },
  {
    description: 'What is evaluated: a `run` or a `model`. Exactly one of them.',
    additionalProperties: false,
    minProperties: 1,
    maxProperties: 1,
  },
);

/** An `evaluate:` document: candidates × a data set × metrics. */
export const EvaluateSchema = Type.Object(
  {
    evaluate: Type.String({ description: 'The name of the evaluation.', pattern: NAME_PATTERN }),
    extends: Type.Optional(
      Type.String({
        description:
          'An evaluation to take every unset field from: `NAME` of this file or folder, or `FILE#NAME`.',
        minLength: 1,
        'x-reference': 'extends',
      }),
    ),
    data: Type.String({
      description:
        'The split to evaluate on, as `DATASET.SPLIT`: rows that no candidate was trained or tuned on, so usually the test split.',
      minLength: 1,
      'x-reference': 'split',
      'x-counterpart': 'transformers.Trainer.predict(test_dataset)',
    }),
    candidates: Type.Record(Type.String({ pattern: NAME_PATTERN }), CandidateSchema, {
      description:
        'What is compared, each under a name of yours. Two or more make a comparison: every pair gets the difference, its confidence interval and a paired test.',
      minProperties: 1,
    }),
    metrics: Type.Optional(
      Type.Array(
        Type.Enum(['accuracy', 'macro_f1', 'latency'], {
          description: 'A metric.',
          enumDescriptions: [
            'Share of rows with the right label.',
            'Mean of the F1 scores of all labels, so that rare labels count as much as frequent ones.',
            'Milliseconds per row.',
          ],
        }),
        {
          description: 'What is measured, most important first.',
          default: ['accuracy', 'macro_f1'],
          minItems: 1,
          uniqueItems: true,
        },
      ),
    ),
  },
  {
    description: 'Candidates measured on the same rows, with confidence intervals and paired tests.',
    additionalProperties: false,
  },
);
