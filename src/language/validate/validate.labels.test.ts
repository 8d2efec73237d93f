import assert from 'node:assert/strict';
import { DATASET, RUN, stream, WORLD } from '../testing/example.ts';
import { diagnose, expectProblem, summary } from '../testing/expect-problem.ts';

const model = (fields: string) => stream(DATASET, RUN.replace('base: base', `base: base, ${fields}`));

function withLabels(split: 'train' | 'validation', labels: Record<string, number>, more: object = {}) {
  const facts = { rows: 100, columns: ['text', 'intent'], labels, ...more };
  return { data: { ...WORLD.data, [`/w/${split}.csv`]: facts } };
}

describe('num_labels', () => {
  it('is not the number of labels in the data', () =>
    expectProblem(model('num_labels: «20»'), {
      code: 'tune/label-count',
      message:
        '`num_labels` is 20, but `intents.train` has 3 different labels (`copy`, `paste` and `undo`). Set `num_labels: 3`, or correct the data.',
      fix: 'Set num_labels: 3',
    }));

  it('is not the number of labels that the data set lists', () =>
    expectProblem(model('num_labels: «20»').replace('---', 'labels: [copy, paste, undo]\n---'), {
      code: 'tune/label-count',
      message:
        '`num_labels` is 20, but `labels` of the data set lists 3. Set `num_labels: 3`, or correct the list.',
      fix: 'Set num_labels: 3',
    }));

  it('is not the number of labels that the run lists', () =>
    expectProblem(model('num_labels: «20», labels: [copy, paste, undo]'), {
      code: 'tune/label-count',
      message: '`num_labels` is 20, but `labels` lists 3. Set `num_labels: 3`, or correct the list.',
      fix: 'Set num_labels: 3',
    }));

  it('is counted in the column that is meant, so that one mistake does not hide the other', async () => {
    const found = await diagnose(model('num_labels: 20').replace('label: intent', 'label: intnet'));
    assert.deepEqual(
      found.map(({ code }) => code),
      ['tune/missing-column', 'tune/label-count'],
    );
  });

  it('may be more than there are where only a part was read', async () => {
    const partial = { partial: { readBytes: 1, totalBytes: 9 } };
    const change = withLabels('train', { copy: 50, paste: 50 }, partial);
    assert.deepEqual((await diagnose(model('num_labels: 20'), change)).map(summary), []);
    const found = await diagnose(model('num_labels: 2'), withLabels('train', { a: 1, b: 1, c: 1 }, partial));
    assert.deepEqual(
      found.map(({ code }) => code),
      ['tune/label-count'],
    );
  });

  it('may be more than there are where the model has a head of that size', async () => {
    const labels = ['copy', 'paste', 'undo', 'redo'];
    const models = { '/w/base': { labels } };
    assert.deepEqual((await diagnose(model('num_labels: 4'), { models })).map(summary), []);
  });

  it('may be more than there are where another run made the head', async () => {
    const text = stream(DATASET, RUN.replace('base: base', 'base: run:older, num_labels: 4'));
    assert.deepEqual((await diagnose(text, { runs: ['older'] })).map(summary), []);
  });

  it('is not counted where the data is not known', async () => {
    const { '/w/train.csv': _, ...data } = WORLD.data ?? {};
    const files = { '/w/train.csv': 'text,intent\n' };
    assert.deepEqual((await diagnose(model('num_labels: 20'), { data, files })).map(summary), []);
  });
});

describe('labels', () => {
  it('of which there is only one', () =>
    expectProblem(
      stream(
        DATASET,
        RUN.replace('intents.train', '«intents.train»').replace(', eval: intents.validation', ''),
      ),
      {
        code: 'tune/label-count',
        message:
          '`intents.train` has 1 different label (`copy`), so there is nothing to learn. Check the column of the label, or add rows with other labels.',
      },
      withLabels('train', { copy: 100 }),
    ));

  it('that only the evaluation has', () =>
    expectProblem(
      stream(DATASET, RUN.replace('intents.validation', '«intents.validation»')),
      {
        code: 'tune/unseen-label',
        message:
          '`intents.validation` has a label that `intents.train` lacks: `Paste`. Add rows with it to the training data, or correct it.',
      },
      withLabels('validation', { copy: 50, Paste: 50 }),
    ));

  it('that only the evaluation has, several', () =>
    expectProblem(
      stream(DATASET, RUN.replace('intents.validation', '«intents.validation»')),
      {
        code: 'tune/unseen-label',
        message:
          '`intents.validation` has 2 labels that `intents.train` lacks: `find` and `redo`. Add rows with them to the training data, or correct them.',
      },
      withLabels('validation', { copy: 50, redo: 50, find: 2 }),
    ));

  it('that are numbers of outputs', async () => {
    const change = withLabels('validation', { '0': 50, '2': 50 });
    assert.deepEqual((await diagnose(stream(DATASET, RUN), change)).map(summary), []);
    const found = await diagnose(stream(DATASET, RUN), withLabels('validation', { '3': 1 }));
    assert.deepEqual(
      found.map(({ code }) => code),
      ['tune/unseen-label'],
    );
  });

  it('that the run lists: rows with others, at their lines', async () => {
    const problems = [
      {
        code: 'data/unknown-label',
        file: '/w/train.csv',
        line: 7,
        column: 3,
        message: 'Line 7 has the label "past".',
        hint: 'Write "paste".',
      },
    ];
    const change = withLabels('train', { copy: 60, paste: 40 }, { problems });
    const found = await diagnose(model('labels: [copy, paste]'), change);
    assert.deepEqual(
      found.map(({ file, line, column, code, message }) => `${file}:${line}:${column} ${code} ${message}`),
      ['/w/train.csv:7:3 data/unknown-label Line 7 has the label "past". Write "paste".'],
    );
  });
});
