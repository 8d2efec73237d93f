import assert from 'node:assert/strict';
import { stream } from '../testing/example.ts';
import { diagnose, expectProblem, summary } from '../testing/expect-problem.ts';

const dataset = (format: string, more = '') =>
  `dataset: rows\nfiles: { train: train.csv }\nformat: ${format}\ncolumns: { text: text${more} }\n`;
const LABELS = dataset('multi-label-classification', ', labels: intent');
const NUMBERS = dataset('regression', ', label: intent');
const run = (model: string, more = '') =>
  `run: graded\nmodel: { base: base${model} }\ndata: { train: rows.train }\n${more}`;
const evaluate = (metrics: string, candidate = '{ model: base }') =>
  `evaluate: e\ndata: rows.train\ncandidates: { a: ${candidate} }\n${metrics}`;

describe('problem_type', () => {
  it('that the rows have is right, said or not', async () => {
    for (const [rows, model] of [
      [LABELS, ', problem_type: multi_label_classification'],
      [LABELS, ''],
      [NUMBERS, ', problem_type: regression, num_labels: 1'],
      [NUMBERS, ''],
    ] as const)
      assert.deepEqual((await diagnose(stream(rows, run(model)))).map(summary), []);
  });

  it('of other rows', () =>
    expectProblem(
      stream(
        NUMBERS,
        run(', problem_type: multi_label_classification').replace('rows.train', '«rows.train»'),
      ),
      {
        code: 'tune/wrong-format',
        message:
          '`rows.train` has `format: regression`; `problem_type: multi_label_classification` needs `format: multi-label-classification`. Take another data set, or `problem_type: regression`.',
        fix: 'Set problem_type: regression',
      },
    ));

  it('a regression with several outputs', () =>
    expectProblem(stream(NUMBERS, run(', num_labels: «5»')), {
      code: 'tune/label-count',
      message:
        '`num_labels` is 5, but a regression gives one number for each text. Set `num_labels: 1`, or leave it out.',
      fix: 'Change to 1',
    }));

  it('label smoothing beside a regression', () =>
    expectProblem(stream(NUMBERS, run('', 'train: { «label_smoothing_factor»: 0.1 }\n')), {
      code: 'tune/overridden-field',
      severity: 'warning',
      message:
        '`label_smoothing_factor` has no effect, because it is for one label a text, and `problem_type` is `regression`. Remove it.',
      fix: 'Remove label_smoothing_factor',
    }));

  it('names of labels of a regression', () =>
    expectProblem(stream(NUMBERS, run(', «labels»: [a, b]')), {
      code: 'tune/overridden-field',
      severity: 'warning',
      message: '`labels` has no effect, because a regression has no labels. Remove it.',
      fix: 'Remove labels',
    }));

  it('a best metric that is better when it is smaller', () =>
    expectProblem(
      stream(
        NUMBERS,
        run(
          '',
          'train: { eval_strategy: epoch, save_strategy: epoch, load_best_model_at_end: true, metric_for_best_model: «mse» }\n',
        ).replace('{ train: rows.train }', '{ train: rows.train, eval: rows.check }'),
      ).replace('{ train: train.csv }', '{ train: train.csv, check: validation.csv }'),
      {
        code: 'tune/inconsistent-settings',
        message:
          'Less `mse` is better, but unset `greater_is_better` means that more is, so the worst model would be kept. Add `greater_is_better: false`.',
        fix: 'Add greater_is_better: false',
      },
    ));

  it('metrics that the rows do not have', () =>
    expectProblem(stream(NUMBERS, evaluate('metrics: [accuracy]\n').replace('rows.train', '«rows.train»')), {
      code: 'tune/wrong-format',
      message:
        '`rows.train` has `format: regression`; the metric `accuracy` needs `format: classification`, `format: multi-label-classification` or `format: tokens`. Take another data set, or other metrics.',
    }));

  it('metrics that nobody names go by the rows', async () => {
    for (const rows of [LABELS, NUMBERS])
      assert.deepEqual((await diagnose(stream(rows, evaluate('')))).map(summary), []);
  });

  it('a candidate that learnt something else', () =>
    expectProblem(
      stream(
        NUMBERS.replace('train.csv', 'validation.csv'),
        LABELS.replace('rows', 'sets'),
        run('').replace('rows', 'sets'),
        evaluate('', '{ run: «graded» }'),
      ),
      {
        code: 'tune/wrong-format',
        message:
          'The run `graded` has `problem_type: multi_label_classification`, but the rows of `rows.train` have `format: regression`. Take another run, or other rows.',
      },
    ));

  it('a column of a label that the file lacks', () =>
    expectProblem(stream(dataset('multi-label-classification', ', labels: [intent, «texl»]')), {
      code: 'tune/missing-column',
      message:
        '`train.csv` has no column `texl` for the labels; there is `text` and `intent`. Name the column of the labels in `columns`.',
    }));
});
