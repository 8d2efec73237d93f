import assert from 'node:assert/strict';
import { CORPUS, DATASET, PRETRAIN, RUN, stream } from '../testing/example.ts';
import { diagnose, expectProblem, summary } from '../testing/expect-problem.ts';

describe('missing fields', () => {
  it('of a data set', () =>
    expectProblem('dataset: «intents»\nformat: text\n', {
      code: 'tune/missing-field',
      message: 'This `dataset:` document lacks `files`. Add it.',
    }));

  it('of a section', () =>
    expectProblem(
      stream(DATASET, RUN.replace('model: { base: base }', '«model»: { task: text-classification }')),
      {
        code: 'tune/missing-field',
        message: '`model` lacks `base`. Add it.',
      },
    ));

  it('of a run, where a data set is in reach', () =>
    expectProblem(stream(DATASET, 'run: «full»\nmodel: { base: base }\n'), {
      code: 'tune/missing-field',
      message: 'This `run:` document lacks `data`. Add it.',
      fix: 'Add data.train: intents.train',
    }));

  it('of the data of a run', () =>
    expectProblem(stream(DATASET, 'run: full\nmodel: { base: base }\n«data»:\n  max_length: 64\n'), {
      code: 'tune/missing-field',
      message: '`data` lacks `train`. Add it.',
      fix: 'Add data.train: intents.train',
      becomes: '  max_length: 64\n  train: intents.train\n',
    }));

  it('of an evaluation', () =>
    expectProblem(stream(DATASET, 'evaluate: «e»\ncandidates: { a: { model: base } }\n'), {
      code: 'tune/missing-field',
      message: 'This `evaluate:` document lacks `data`. Add it.',
      fix: 'Add data: intents.test',
    }));

  it('a candidate that is empty', () =>
    expectProblem(
      stream(DATASET, 'evaluate: e\ndata: intents.test\ncandidates:\n  a: { model: base }\n  «b»:\n'),
      {
        code: 'tune/missing-field',
        message: '`b` is empty. Write `run`, `model` or `endpoint` into it.',
      },
    ));

  it('files without a split', () =>
    expectProblem('dataset: d\n«files»: {}\nformat: text\n', {
      code: 'tune/missing-field',
      message: '`files` is empty. Write at least one into it.',
    }));

  it('a method that is none', () =>
    expectProblem(stream(DATASET, `${RUN}«method»: {}\n`), {
      code: 'tune/missing-field',
      message: '`method` is empty. Write `full` or `lora` into it.',
    }));

  it('what a model from scratch needs: a tokenizer', () =>
    expectProblem(stream(CORPUS, PRETRAIN.replace('scratch', '«scratch»').replace(' tokenizer: base,', '')), {
      code: 'tune/missing-field',
      message:
        'A model from scratch needs a tokenizer. Add `tokenizer:` with a folder that holds `tokenizer.json`.',
    }));

  it('what a model from scratch needs: an architecture', () =>
    expectProblem(
      stream(
        CORPUS,
        PRETRAIN.replace('scratch', '«scratch»').replace(', architecture: { model_type: bert }', ''),
      ),
      {
        code: 'tune/missing-field',
        message:
          'A model from scratch needs an architecture. Add `architecture: { model_type: bert }` and its sizes.',
        fix: 'Add architecture: BERT',
      },
    ));

  it('are no mistake where they are inherited', async () => {
    const child = 'run: child\nextends: full\ntrain: { seed: 1 }\n';
    assert.deepEqual((await diagnose(stream(DATASET, RUN, child))).map(summary), []);
  });

  it('are no mistake of a document that another one extends', async () => {
    const parent = 'run: defaults\nmodel: { base: base }\n';
    const child = 'run: child\nextends: defaults\ndata: { train: intents.train }\n';
    assert.deepEqual((await diagnose(stream(DATASET, parent, child))).map(summary), []);
  });

  it('are not known while a line is broken', async () => {
    const found = await diagnose(stream(DATASET, 'run: full\nmodel base\ndata: { train: intents.train }\n'));
    assert.deepEqual(
      found.map(({ code }) => code),
      ['tune/syntax'],
    );
  });

  it('are not known while the parent is not', async () => {
    const found = await diagnose(stream(DATASET, 'run: full\nextends: elsewhere\n'));
    assert.deepEqual(
      found.map(({ code }) => code),
      ['tune/unknown-reference'],
    );
  });

  it('leave settings that nothing extends yet: no mistake, but said', () =>
    expectProblem('run: «small»\ntrain: { seed: 1 }\n', {
      code: 'tune/settings-only',
      severity: 'information',
      message:
        'This run has no `model` and no `data`, so it cannot be run by itself. Other runs can extend it.',
    }));
});
