import assert from 'node:assert/strict';
import type { TrainingArguments } from '../../language/resolved.ts';
import { TunebookError } from '../../protocol/error.ts';
import { resolvedRun } from '../../../test/trainer/support/resolved-run.ts';
import { checkBestMetric } from './best-metric.ts';

const check = (given: Partial<TrainingArguments>, more: { eval?: string; task?: 'fill-mask' } = {}) =>
  checkBestMetric(resolvedRun({ base: '/base', train: 'rows.csv', arguments: given, ...more }));

describe('the best checkpoint', () => {
  it('may go by every metric of the task, with and without eval_', () => {
    for (const metric_for_best_model of ['loss', 'eval_loss', 'accuracy', 'eval_macro_f1'])
      check({ metric_for_best_model, eval_strategy: 'epoch' }, { eval: 'test.csv' });
    check({ metric_for_best_model: 'perplexity' }, { task: 'fill-mask' });
    check({});
  });

  it('cannot go by what is never measured: said before the run, with what there is', () => {
    assert.throws(
      () => check({ metric_for_best_model: 'f1' }),
      (error: unknown) => {
        assert.ok(error instanceof TunebookError);
        assert.equal(error.code, 'run/unknown-metric');
        assert.match(error.hint ?? '', /loss, accuracy, macro_f1/);
        return true;
      },
    );
    assert.throws(() => check({ metric_for_best_model: 'accuracy' }, { task: 'fill-mask' }), {
      code: 'run/unknown-metric',
    });
  });

  it('needs evaluations', () => {
    const noEvaluation = { code: 'run/no-evaluation' };
    assert.throws(() => check({ load_best_model_at_end: true, eval_strategy: 'epoch' }), noEvaluation);
    assert.throws(() => check({ load_best_model_at_end: true }, { eval: 'test.csv' }), noEvaluation);
    assert.throws(
      () => check({ save_strategy: 'best', eval_strategy: 'epoch' }, { eval: 'test.csv' }),
      noEvaluation,
    );
  });
});
