import assert from 'node:assert/strict';
import { CORPUS, DATASET, EVALUATE, PRETRAIN, RUN, stream } from '../testing/example.ts';
import { diagnose, expectProblem, summary } from '../testing/expect-problem.ts';

describe('extends', () => {
  const child = (parent: string) => stream(DATASET, RUN, `run: child\nextends: ${parent}\n`);

  it('a document that is not there', () =>
    expectProblem(child('«ful»'), {
      code: 'tune/unknown-reference',
      message: 'There is no run `ful`. Did you mean `full`?',
      fix: 'Change to full',
    }));

  it('a document of another kind', () =>
    expectProblem(child('«intents»'), {
      code: 'tune/unknown-reference',
      message: 'There is no run `intents`. There is `full` and `child`.',
    }));

  it('a file that is not there', () =>
    expectProblem(
      child('«default.tune.yaml#small»'),
      {
        code: 'tune/unknown-reference',
        message:
          '`default.tune.yaml` cannot be read. There is no such file. Did you mean `defaults.tune.yaml`?',
        fix: 'Change to defaults.tune.yaml#small',
      },
      { files: { '/w/defaults.tune.yaml': RUN.replace('full', 'small') } },
    ));

  it('a document that a file does not have', () =>
    expectProblem(
      child('«defaults.tune.yaml#smal»'),
      {
        code: 'tune/unknown-reference',
        message: 'There is no run `defaults.tune.yaml#smal`. Did you mean `defaults.tune.yaml#small`?',
        fix: 'Change to defaults.tune.yaml#small',
      },
      { files: { '/w/defaults.tune.yaml': RUN.replace('full', 'small') } },
    ));

  it('a name that stands in two other files', () =>
    expectProblem(
      child('«small»'),
      {
        code: 'tune/ambiguous-reference',
        message:
          '`small` is the name of a run in several files. Write `b.tune.yaml#small` or `c.tune.yaml#small`.',
        fix: 'Change to c.tune.yaml#small',
      },
      {
        files: {
          '/w/b.tune.yaml': RUN.replace('full', 'small'),
          '/w/c.tune.yaml': RUN.replace('full', 'small'),
        },
      },
    ));

  it('itself', () =>
    expectProblem(stream(DATASET, `${RUN}extends: «full»\n`), {
      code: 'tune/extends-cycle',
      message: '`full` extends itself: following `full` leads back here. Remove one `extends` of the circle.',
      fix: 'Remove this extends',
    }));

  it('each other', () =>
    expectProblem(stream(DATASET, `${RUN}extends: b\n`, 'run: b\nextends: c\n', 'run: c\nextends: «b»\n'), {
      code: 'tune/extends-cycle',
      message: '`c` extends itself: following `b` leads back here. Remove one `extends` of the circle.',
      fix: 'Remove this extends',
    }));

  it('in a circle of three: once', async () => {
    const text = stream(DATASET, `${RUN}extends: b\n`, 'run: b\nextends: c\n', 'run: c\nextends: full\n');
    const found = await diagnose(text);
    assert.deepEqual(
      found.map(({ line, code }) => `${line} ${code}`),
      ['15 tune/extends-cycle'],
    );
  });
});

describe('splits', () => {
  const on = (train: string) =>
    stream(DATASET, `run: full\nmodel: { base: base }\ndata: { train: ${train} }\n`);

  it('of a data set that is not there', () =>
    expectProblem(on('«intent.train»'), {
      code: 'tune/unknown-reference',
      message: 'There is no data set `intent`. Did you mean `intents`?',
      fix: 'Change to intents.train',
    }));

  it('that the data set does not have', () =>
    expectProblem(on('«intents.trian»'), {
      code: 'tune/unknown-reference',
      message: 'The data set `intents` has no split `trian`. Did you mean `intents.train`?',
      fix: 'Change to intents.train',
    }));

  it('that nothing is near to', () =>
    expectProblem(on('«intents.held-out»'), {
      code: 'tune/unknown-reference',
      message: 'The data set `intents` has no split `held-out`. It has `train`, `validation` and `test`.',
    }));

  it('left out', () =>
    expectProblem(on('«intents»'), {
      code: 'tune/unknown-reference',
      message:
        '`intents` is a data set; `train` takes one of its splits. Write `intents.train`, `intents.validation` or `intents.test`.',
      fix: 'Change to intents.train',
    }));

  it('for which a file was written', () =>
    expectProblem(on('«data/train.csv»'), {
      code: 'tune/unknown-reference',
      message:
        '`data/train.csv` looks like a file; `train` takes a split, `DATASET.SPLIT`. Describe the file in a `dataset:` document.',
    }));

  it('for which a file beside the config was written', () =>
    expectProblem(on('«train.csv»'), {
      code: 'tune/unknown-reference',
      message:
        '`train.csv` looks like a file; `train` takes a split, `DATASET.SPLIT`. Describe the file in a `dataset:` document.',
    }));

  it('where no data set is in reach', () =>
    expectProblem('run: full\nmodel: { base: base }\ndata: { train: «intents.train» }\n', {
      code: 'tune/unknown-reference',
      message: 'There is no data set `intents`. Write a document for it: no data set is in reach.',
    }));

  it('of an evaluation', () =>
    expectProblem(stream(DATASET, RUN, EVALUATE.replace('intents.test', '«intents.tets»')), {
      code: 'tune/unknown-reference',
      message: 'The data set `intents` has no split `tets`. Did you mean `intents.test`?',
      fix: 'Change to intents.test',
    }));

  it('of a data set in another file', async () => {
    const text = on('../data/sets.tune.yaml#intents.train').slice(`${DATASET}---\n`.length);
    const files = { '/data/sets.tune.yaml': DATASET.replaceAll(/\w+\.csv/g, '/w/$&') };
    assert.deepEqual((await diagnose(text, { files })).map(summary), []);
    const [only] = await diagnose(text.replace('.train }', '.trian }'), { files });
    assert.equal(only?.fixes[0]?.title, 'Change to ../data/sets.tune.yaml#intents.train');
  });
});

describe('rows of another format than the task needs', () => {
  it('text for a classifier', () =>
    expectProblem(stream(CORPUS, 'run: pretrain\nmodel: { base: base }\ndata: { train: «corpus.train» }\n'), {
      code: 'tune/wrong-format',
      message:
        '`corpus.train` has `format: text`; the task `text-classification` needs `format: classification`, `format: multi-label-classification` or `format: regression`. Take another data set, or another task.',
      fix: 'Set task: fill-mask',
      becomes: 'model: { base: base, task: fill-mask }',
    }));

  it('labelled rows for pretraining', () =>
    expectProblem(stream(DATASET, PRETRAIN.replace('corpus.train', '«intents.train»')), {
      code: 'tune/wrong-format',
      message:
        '`intents.train` has `format: classification`; the task `fill-mask` needs `format: text`. Take another data set, or another task.',
      fix: 'Set task: text-classification',
    }));

  it('text for an evaluation', () =>
    expectProblem(
      stream(
        CORPUS,
        'evaluate: e\ndata: «corpus.train»\ncandidates: { a: { model: base } }\nmetrics: [accuracy]\n',
      ),
      {
        code: 'tune/wrong-format',
        message:
          '`corpus.train` has `format: text`; the metric `accuracy` needs `format: classification`, `format: multi-label-classification` or `format: tokens`. Take another data set, or other metrics.',
      },
    ));

  it('a pretraining run in an evaluation', () =>
    expectProblem(
      stream(DATASET, CORPUS, PRETRAIN, EVALUATE.replace('{ run: full }', '{ run: «pretrain» }')),
      {
        code: 'tune/wrong-format',
        message:
          'The run `pretrain` has the task `fill-mask`; the metric `accuracy` needs `text-classification`. Take another run, or other metrics.',
      },
    ));
});

describe('runs', () => {
  const after = (run: string) => stream(DATASET, RUN, EVALUATE.replace('{ run: full }', `{ run: ${run} }`));

  it('that are neither written nor on disk', () =>
    expectProblem(after('«ful»'), {
      code: 'tune/unknown-reference',
      message: 'There is no run `ful`, neither in a config of this folder nor on disk. Did you mean `full`?',
      fix: 'Change to full',
    }));

  it('with an id', () =>
    expectProblem(after('«fulll@20260101»'), {
      code: 'tune/unknown-reference',
      message:
        'There is no run `fulll`, neither in a config of this folder nor on disk. Did you mean `full`?',
      fix: 'Change to full@20260101',
    }));

  it('as a base', () =>
    expectProblem(
      stream(DATASET, RUN, RUN.replace('full', 'more').replace('base: base', 'base: «run:ful»')),
      {
        code: 'tune/unknown-reference',
        message:
          'There is no run `ful`, neither in a config of this folder nor on disk. Did you mean `full`?',
        fix: 'Change to run:full',
      },
    ));

  it('that stand in the way of nothing: only what is on disk', async () => {
    assert.deepEqual((await diagnose(after('older'), { runs: ['older'] })).map(summary), []);
  });

  it('are not looked for where nobody can say what is on disk', async () => {
    const { check } = await import('../check.ts');
    const host = {
      readFile: async (path: string) => (path === '/w/a.tune.yaml' ? after('elsewhere') : undefined),
      stat: async () => undefined,
      listDirectory: async () => [],
    };
    assert.deepEqual((await check(['/w/a.tune.yaml'], host)).map(summary), []);
  });
});
