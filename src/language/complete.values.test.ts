import assert from 'node:assert/strict';
import { METRIC_NAMES } from './schema/metrics.ts';
import { completeAt, labelsAt, takeAt } from './testing/complete-at.ts';

describe('completion of values', () => {
  it('offers the values of an enumeration, each with its sentence', async () => {
    const values = await completeAt('run: a\nmodel:\n  task: |\n');
    assert.deepEqual(
      values.map(({ label, detail }) => [label, detail]),
      [
        ['text-classification', 'default'],
        ['token-classification', undefined],
        ['text-generation', undefined],
        ['fill-mask', undefined],
      ],
    );
    assert.match(values[3]?.documentation ?? '', /hide some tokens and predict them/);
  });

  it('offers truth values, and says which is the default', async () => {
    const values = await completeAt('run: a\ntrain: { dataloader_drop_last: | }');
    assert.deepEqual(
      values.map(({ label, detail }) => [label, detail]),
      [
        ['true', undefined],
        ['false', 'default'],
      ],
    );
  });

  it('offers usual numbers in a form that every YAML reader takes for one', async () => {
    const labels = await labelsAt('run: a\ntrain:\n  learning_rate: |\n');
    assert.deepEqual(labels, ['2.0e-5', '5.0e-5', '5.0e-4']);
  });

  it('offers null where it means unset', async () => {
    assert.ok((await labelsAt('run: a\ntrain:\n  data_seed: |\n')).includes('null'));
  });

  it('offers lists, and in a list what it does not hold yet', async () => {
    const others = METRIC_NAMES.filter((name) => name !== 'accuracy');
    assert.deepEqual(await labelsAt('evaluate: a\nmetrics: [accuracy, |]\n'), others);
    assert.deepEqual(await labelsAt('evaluate: a\nmetrics:\n  - accuracy\n  - |\n'), others);
    const labels = await labelsAt('evaluate: a\nmetrics: |\n');
    assert.equal(labels[0], '[accuracy, macro_f1]');
    assert.equal(labels.at(-1), '[ ]');
    assert.ok((await labelsAt('run: a\nmethod: { lora: { target_modules: | } }')).includes('all-linear'));
    const starts = await labelsAt('run: a\nmethod: { lora: { init_lora_weights: | } }');
    assert.deepEqual(starts.filter((each) => !each.startsWith('$')).sort(), ['false', 'gaussian', 'true']);
  });

  it('continues a list on a line of its own', async () => {
    assert.equal(
      await takeAt('latency', 'evaluate: a\nmetrics:\n  - accuracy\n  |\n'),
      'evaluate: a\nmetrics:\n  - accuracy\n  - latency\n',
    );
  });

  it('offers a map in brackets for a field that takes one', async () => {
    assert.equal(await takeAt('{ }', 'run: a\nmodel: |\n'), 'run: a\nmodel: { $1 }\n');
  });

  it('replaces what stands there, inside its quotes', async () => {
    assert.equal(
      await takeAt('fill-mask', 'run: a\nmodel: { task: te|xt }'),
      'run: a\nmodel: { task: fill-mask }',
    );
    assert.equal(
      await takeAt('fill-mask', 'run: a\nmodel: { task: "te|" }'),
      'run: a\nmodel: { task: "fill-mask" }',
    );
    assert.equal(
      await takeAt('fill-mask', "run: a\nmodel: { task: '|' }"),
      "run: a\nmodel: { task: 'fill-mask' }",
    );
  });

  it('adds the space that is missing behind a colon or a dash', async () => {
    assert.equal(
      await takeAt('fill-mask', 'run: a\nmodel:\n  task:|\n'),
      'run: a\nmodel:\n  task: fill-mask\n',
    );
    assert.equal(
      await takeAt('latency', 'evaluate: a\nmetrics:\n  -|\n'),
      'evaluate: a\nmetrics:\n  - latency\n',
    );
  });

  it('offers variables behind a dollar sign', async () => {
    const text = 'run: a\nvars: { rate: 1.0e-4 }\ntrain:\n  learning_rate: $|\n';
    assert.deepEqual(await labelsAt(text), ['${vars.rate}', '${workspace}']);
    assert.ok((await takeAt('${vars.rate}', text)).endsWith('learning_rate: ${vars.rate}\n'));
    const flow = 'run: a\nvars: { rate: 1.0e-4 }\ntrain: { learning_rate: "$|" }\n';
    assert.ok((await takeAt('${vars.rate}', flow)).endsWith('{ learning_rate: "${vars.rate}" }\n'));
  });

  it('takes a value on a line of its own', async () => {
    assert.ok((await labelsAt('run: a\nmodel:\n  task:\n    |\n')).includes('fill-mask'));
  });

  it('offers nothing for the name of a document, and nothing for an unknown field', async () => {
    assert.deepEqual(await labelsAt('run: |\n'), []);
    assert.deepEqual(await labelsAt('run: a\nmodle:\n  bse: |\n'), []);
  });

  it('documents every value', async () => {
    for (const marked of ['model: { task: | }', 'train: { lr_scheduler_type: | }', 'train: { seed: | }']) {
      const values = await completeAt(`run: a\n${marked}`);
      assert.ok(values.length > 0);
      for (const { label, documentation } of values)
        assert.ok(documentation.length > label.length + 20, documentation);
    }
  });
});
