import assert from 'node:assert/strict';
import { TrainSchema } from '../../language/schema/training.ts';
import type { TrainingArguments } from '../../language/resolved.ts';
import { History } from './history.ts';
import { planSteps } from './plan-steps.ts';

function historyOf(given: Partial<TrainingArguments>): History {
  const defaults = Object.fromEntries(
    Object.entries(TrainSchema.properties).map(([name, field]) => [
      name,
      'default' in field ? field.default : null,
    ]),
  );
  // SAFETY: the schema's defaults are whole but for what is given here.
  const train = { ...defaults, eval_steps: 500, max_steps: 10, ...given } as TrainingArguments;
  return new History(train, planSteps(train, 80), 2);
}

describe('History', () => {
  it('logs the mean loss of the steps since the last entry, and a loss that is no number as what it is', () => {
    const history = historyOf({ logging_steps: 2 });
    [1, 3, NaN, 5, 7].forEach((loss, i) => history.addStep(i + 1, { loss, learning_rate: 0.1 * i }));
    const { log_history, tunebook } = history.state(5);
    assert.deepEqual(
      log_history.map(({ step, loss }) => [step, loss]),
      [
        [2, 2],
        [4, 'NaN'],
      ],
    );
    assert.deepEqual([tunebook.lossSum, tunebook.lossSteps], [7, 1]);
  });

  it('counts tokens on from a checkpoint, and no more after one that did not count them', () => {
    const history = historyOf({});
    history.addTokens(70);
    const resumed = historyOf({});
    resumed.restore(history.state(1));
    resumed.addTokens(30);
    assert.equal(resumed.tokens, 100);
    const { num_input_tokens_seen: _, ...older } = history.state(1);
    resumed.restore(older);
    resumed.addTokens(30);
    assert.equal(resumed.tokens, undefined);
  });

  it('goes on from its state as if there had been no end', () => {
    const [one, other] = [historyOf({ logging_steps: 3 }), historyOf({ logging_steps: 3 })];
    const losses = [5, 4, 3, 2, 1, 0.5, 0.25];
    losses.forEach((loss, i) => one.addStep(i + 1, { loss }));
    losses.slice(0, 4).forEach((loss, i) => other.addStep(i + 1, { loss }));
    const resumed = historyOf({ logging_steps: 3 });
    resumed.restore(structuredClone(other.state(4)));
    losses.slice(4).forEach((loss, i) => resumed.addStep(i + 5, { loss }));
    assert.deepEqual(resumed.state(7), one.state(7));
  });

  it('finds the best by the metric that is asked for: smaller losses, greater everything else', () => {
    const byLoss = historyOf({ metric_for_best_model: 'loss', greater_is_better: false });
    assert.deepEqual(
      [0.5, 0.7, 0.4, NaN, 0.4].map((eval_loss, i) => byLoss.addEvaluation(i + 1, { eval_loss })),
      [true, false, true, false, false],
    );
    const byAccuracy = historyOf({ metric_for_best_model: 'eval_accuracy', greater_is_better: true });
    assert.deepEqual(
      [0.5, 0.7, 0.4].map((eval_accuracy, i) =>
        byAccuracy.addEvaluation(i + 1, { eval_loss: 1, eval_accuracy }),
      ),
      [true, true, false],
    );
  });

  it('has no best without a metric to tell it by', () => {
    const history = historyOf({});
    assert.equal(history.addEvaluation(1, { eval_loss: 0.5 }), false);
    history.noteCheckpoints([1]);
    assert.deepEqual([history.bestCheckpoint, history.state(1).best_metric], [null, null]);
  });

  it('keeps the best checkpoint when a better step is never saved', () => {
    const history = historyOf({ metric_for_best_model: 'loss', greater_is_better: false });
    history.addEvaluation(2, { eval_loss: 0.5 });
    history.noteCheckpoints([2]);
    history.addEvaluation(3, { eval_loss: 0.4 });
    history.noteCheckpoints([2, 4]);
    assert.equal(history.bestCheckpoint, 'checkpoint-2');
    assert.deepEqual(history.bestEvaluation, { eval_loss: 0.5 });
    assert.equal(history.state(4).best_global_step, 3);
  });

  it('tells what an evaluation gave, and not what a training step did', () => {
    const history = historyOf({ logging_steps: 1 });
    history.addStep(1, { loss: 2 });
    assert.equal(history.evaluationAt(1), undefined);
    history.addEvaluation(1, { eval_loss: NaN });
    assert.deepEqual(history.evaluationAt(1), { eval_loss: NaN });
  });
});
