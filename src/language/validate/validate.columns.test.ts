import assert from 'node:assert/strict';
import { CORPUS, DATASET, WORLD } from '../testing/example.ts';
import { diagnose, expectProblem, summary } from '../testing/expect-problem.ts';
import { guessColumn } from './guess-column.ts';

const all = '`train.csv`, `validation.csv` and 1 more have no column';

describe('columns', () => {
  it('that are misspelt', () =>
    expectProblem(DATASET.replace('intent }', '«intnt» }'), {
      code: 'tune/missing-column',
      message: `${all} \`intnt\` for the label; there is \`text\` and \`intent\`. Did you mean \`intent\`?`,
      fix: 'Change to intent',
    }));

  it('that have their default, where `columns` is there', () =>
    expectProblem(DATASET.replace('columns: { label: intent }', '«columns»: { text: text }'), {
      code: 'tune/missing-column',
      message: `${all} \`label\` for the label; there is \`text\` and \`intent\`. Did you mean \`intent\`?`,
      fix: 'Set label: intent',
      becomes: 'columns: { text: text, label: intent }',
    }));

  it('that have their default, without `columns`', () =>
    expectProblem(DATASET.replace('columns: { label: intent }\n', '').replace('intents', '«intents»'), {
      code: 'tune/missing-column',
      message: `${all} \`label\` for the label; there is \`text\` and \`intent\`. Did you mean \`intent\`?`,
      fix: 'Set label: intent',
      becomes: 'columns: { label: intent }',
    }));

  it('that one split lacks and the others have', () =>
    expectProblem(
      DATASET.replace('intent }', '«intent» }'),
      {
        code: 'tune/missing-column',
        message:
          '`test.csv` has no column `intent` for the label; there is `text` and `gold`. Other splits have it: rename the column in the file.',
      },
      { data: { ...WORLD.data, '/w/test.csv': { rows: 9, columns: ['text', 'gold'], labels: {} } } },
    ));

  it('that nobody can guess', () =>
    expectProblem(
      `${CORPUS.replace('corpus.txt', 'corpus.csv')}columns: { text: «body» }\n`,
      {
        code: 'tune/missing-column',
        message:
          '`corpus.csv` has no column `body` for the text; there is `a` and `b`. Name the column of the text in `columns`.',
      },
      { data: { '/w/corpus.csv': { rows: 2, columns: ['a', 'b'] } } },
    ));

  it('are not looked for where the files are not known', async () => {
    const files = { '/w/train.csv': '', '/w/validation.csv': '', '/w/test.csv': '' };
    assert.deepEqual((await diagnose(DATASET.replace('intent', 'x'), { data: {}, files })).map(summary), []);
  });

  it('are not looked for while `columns` may mean something else', async () => {
    const found = await diagnose(DATASET.replace('columns', 'colums'));
    assert.deepEqual(
      found.map(({ code }) => code),
      ['tune/unknown-field'],
    );
  });
});

describe('guessColumn', () => {
  const guess = (role: string, columns: Record<string, string>, present: string[]) =>
    guessColumn(role, columns, present);

  it('takes a similar name first', () =>
    assert.equal(
      guess('label', { text: 'text', label: 'catgory' }, ['text', 'label', 'category']),
      'category',
    ));
  it('then a usual one', () =>
    assert.equal(guess('text', { text: 'body', label: 'y' }, ['id', 'Sentence', 'y']), 'Sentence'));
  it('then the only one that is left', () =>
    assert.equal(guess('label', { text: 'text', label: 'label' }, ['text', 'x']), 'x'));
  it('and never one that another role has', () =>
    assert.equal(guess('label', { text: 'text', label: 'texts' }, ['text']), undefined));
});
