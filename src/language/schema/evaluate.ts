import Type from 'typebox';
import { EndpointSchema } from './endpoint.ts';
import { Extends, Vars } from './extends.ts';
import { NAME_PATTERN } from './field.ts';
import { GenerationSchema } from './generation.ts';
import { METRIC_NAMES, METRIC_SENTENCES } from './metrics.ts';

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
    endpoint: Type.Optional(EndpointSchema),
    prompt: Type.Optional(
      Type.String({
        description:
          'The `prompt:` document that makes the input of each row: `NAME` of this file or folder, or `FILE#NAME`. Unset gives the model the row as it was trained on it. An `endpoint` needs one.',
        minLength: 1,
        'x-reference': 'prompt',
      }),
    ),
    generation: Type.Optional(GenerationSchema),
  },
  {
    description:
      'What is evaluated: a `run`, a `model` or an `endpoint` (exactly one of them), asked by a `prompt`. `generation` goes before what the prompt says.',
    additionalProperties: false,
    'x-one-of': ['run', 'model', 'endpoint'],
  },
);

const AssertionSchema = Type.Object(
  {
    contains: Type.Optional(
      Type.String({ description: 'The answer contains this text, as it is written.', minLength: 1 }),
    ),
    regex: Type.Optional(
      Type.String({
        description: 'The answer contains a match of this regular expression (JavaScript, with `u`).',
        minLength: 1,
      }),
    ),
    json_schema: Type.Optional(
      Type.String({
        description: 'The answer is JSON that this JSON Schema file accepts, relative to this config.',
        minLength: 1,
        'x-reference': 'data-file',
      }),
    ),
  },
  {
    description: 'What an answer must have. Exactly one of the fields.',
    additionalProperties: false,
    minProperties: 1,
    maxProperties: 1,
  },
);

const CriterionSchema = Type.Object(
  {
    criteria: Type.String({
      description: 'What is scored, in words for the judge.',
      minLength: 1,
      examples: ['how polite the answer is'],
    }),
    scale: Type.Record(
      Type.String({ pattern: '^[0-9]+$' }),
      Type.String({ description: 'What an answer with this score is like.', minLength: 1 }),
      {
        description:
          'The scores with their words, as `{ 1: rude, 3: neutral, 5: very polite }`. The judge gives a whole number from the lowest to the highest; those between may go without words.',
        minProperties: 2,
      },
    ),
  },
  { description: 'What answers are scored by.', additionalProperties: false },
);

const JudgeSchema = Type.Object(
  {
    model: Type.Optional(
      Type.String({
        description:
          'A causal model of this machine: a folder, `hf:owner/name` or `run:NAME`. It chooses the likeliest of the three verdicts, or of the scores.',
        minLength: 1,
        'x-reference': 'model',
      }),
    ),
    endpoint: Type.Optional(EndpointSchema),
    criteria: Type.Optional(
      Type.String({
        description: 'What makes an answer the better one, in words for the judge.',
        minLength: 1,
        default: 'how correct, helpful and complete the answer is',
        examples: ['which answer is right, and which is shorter where both are'],
      }),
    ),
    template: Type.Optional(
      Type.String({
        description:
          'What the judge is asked, in place of our own words: Jinja with the slots `criteria`, `input`, `reference`, `answer_a` and `answer_b`. It has to ask for `[[A]]`, `[[B]]` or, for a tie, `[[C]]`.',
        minLength: 1,
      }),
    ),
    rubric: Type.Optional(
      Type.Record(Type.String({ pattern: NAME_PATTERN }), CriterionSchema, {
        description:
          'What every answer is scored by, each under a name of yours, and each asked by itself: the metric `rubric_NAME` is the mean of its scores. Pairs are then compared only where `metrics` names `win_rate`. An answer of the judge without a score is asked for again, as often as the `endpoint` says.',
        minProperties: 1,
        'x-counterpart': 'promptfoo: llm-rubric',
      }),
    ),
    rubric_template: Type.Optional(
      Type.String({
        description:
          'What the judge is asked for a score, in place of our own words: Jinja with the slots `criteria`, `scale`, `input`, `reference`, `answer` and `example` (some score of the scale). It has to ask for the score in double brackets, as `[[3]]`.',
        minLength: 1,
        'x-counterpart': 'promptfoo: rubricPrompt',
      }),
    ),
    generation: Type.Optional(GenerationSchema),
  },
  {
    description:
      'A model that judges answers. It says of every two answers to a row which is better (the metric `win_rate`): it is asked twice, with either answer first, and where that changes its mind, the row is a tie. With a `rubric` it scores each answer. It is a `model` or an `endpoint` (exactly one of them).',
    additionalProperties: false,
    'x-one-of': ['model', 'endpoint'],
    'x-counterpart': 'fastchat.llm_judge',
  },
);

/** An `evaluate:` document: candidates × a data set × metrics. */
export const EvaluateSchema = Type.Object(
  {
    evaluate: Type.String({ description: 'The name of the evaluation.', pattern: NAME_PATTERN }),
    extends: Extends('An evaluation'),
    data: Type.String({
      description:
        'The split to evaluate on, as `DATASET.SPLIT`: rows that no candidate was trained or tuned on, so usually the test split.',
      minLength: 1,
      'x-reference': 'split',
      'x-counterpart': 'transformers.Trainer.predict(test_dataset)',
    }),
    benchmark: Type.Optional(
      Type.String({
        description:
          'A task of lm-evaluation-harness that says what is asked about the rows of `data` and how answers are counted: a YAML file with `output_type` (`multiple_choice` or `generate_until`), `doc_to_text`, `doc_to_choice`, `doc_to_target`, and examples by `num_fewshot` and `fewshot_split`, relative to this config. The columns of the rows are what the templates name; `format` of the data set is not looked at. Candidates have no `prompt` then.',
        minLength: 1,
        'x-reference': 'data-file',
        'x-counterpart': 'lm_eval --tasks',
      }),
    ),
    candidates: Type.Record(Type.String({ pattern: NAME_PATTERN }), CandidateSchema, {
      description:
        'What is compared, each under a name of yours. Two or more make a comparison: every pair gets the difference, its confidence interval and a paired test.',
      minProperties: 1,
    }),
    metrics: Type.Optional(
      Type.Array(
        Type.Enum([...METRIC_NAMES], { description: 'A metric.', enumDescriptions: METRIC_SENTENCES }),
        {
          description:
            'What is measured, most important first. Unset measures what the rows have answers for: labels `accuracy` and `macro_f1`, a `benchmark` its `metric_list`, several labels a row `micro_f1` and `macro_f1`, numbers `pearson` and `spearmanr`, tagged words `f1`, `precision` and `recall`, written answers `exact_match`, `token_f1` and `rougeL`, whole texts `perplexity` and `bits_per_byte`.',
          default: ['accuracy', 'macro_f1'],
          minItems: 1,
          uniqueItems: true,
        },
      ),
    ),
    repeats: Type.Optional(
      Type.Integer({
        description:
          'How often each candidate that draws at random (`do_sample`), or is behind an `endpoint`, answers every row, each time from another seed. Values are means over rows of the mean over repeats, their intervals go by rows, and the standard deviation over repeats is told. A `judge` reads the first answers.',
        default: 1,
        minimum: 1,
        maximum: 100,
        examples: [3, 5, 10],
        'x-counterpart': 'lm_eval: repeats',
      }),
    ),
    limit: Type.Optional(
      Type.Integer({
        description:
          'How many rows are evaluated, for a first look: drawn once by the seed 42, the same ones for every candidate. Labels are still those of all rows. Unset evaluates all of them, and so does a number that is larger.',
        minimum: 1,
        examples: [50, 200],
        'x-counterpart': 'lm_eval.simple_evaluate(limit)',
      }),
    ),
    judge: Type.Optional(JudgeSchema),
    assertions: Type.Optional(
      Type.Record(Type.String({ pattern: NAME_PATTERN }), AssertionSchema, {
        description:
          'What every answer should have, each under a name of yours: a text, a match of a regular expression, or a JSON Schema. The share of answers that have it is a metric of that name.',
        minProperties: 1,
        'x-counterpart': 'promptfoo: assert',
      }),
    ),
    vars: Vars(),
  },
  {
    description: 'Candidates measured on the same rows, with confidence intervals and paired tests.',
    additionalProperties: false,
  },
);
