import Type from 'typebox';
import { Extends, Vars } from './extends.ts';
import { NAME_PATTERN } from './field.ts';

/** What an objective asks of a metric: a comparison with a number. */
export const THRESHOLD_PATTERN = '^(>=|<=|>|<)\\s*-?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?$';

/** An `objective:` document: what the project is for, and the numbers that accept it. */
export const ObjectiveSchema = Type.Object(
  {
    objective: Type.String({ description: 'The name of the objective.', pattern: NAME_PATTERN }),
    extends: Extends('An objective'),
    description: Type.Optional(
      Type.String({
        description: 'What the project is for, in a sentence or two: who decides what by it.',
        minLength: 1,
        'x-counterpart': 'huggingface_hub.ModelCardData',
      }),
    ),
    evaluate: Type.String({
      description:
        'The `evaluate:` document that measures it: `NAME` of this file or folder, or `FILE#NAME`.',
      minLength: 1,
      'x-reference': 'evaluate-document',
    }),
    candidate: Type.Optional(
      Type.String({
        description:
          'The candidate of that evaluation that must meet the numbers. Unset asks that any of them does.',
        minLength: 1,
        'x-reference': 'candidate',
      }),
    ),
    accept: Type.Record(
      Type.String({ pattern: NAME_PATTERN }),
      Type.String({
        description:
          'What the metric must be: `">= 0.90"`, `"> 0.5"`, `"<= 50"` or `"< 1.2"`, in quotes. Shares are from 0 to 1, latency is in milliseconds.',
        pattern: THRESHOLD_PATTERN,
        'x-usual-name': 'accuracy',
        examples: ['>= 0.90'],
      }),
      {
        description:
          'The numbers that accept the project, by metric of the evaluation: `{ accuracy: ">= 0.90" }`. All must hold.',
        minProperties: 1,
      },
    ),
    vars: Vars(),
  },
  {
    description: 'What the project is for, and the numbers that accept it.',
    additionalProperties: false,
  },
);
