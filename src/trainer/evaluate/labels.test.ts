import assert from 'node:assert/strict';
import type { Examples } from './examples.ts';
import { agreeOnLabels, type Head } from './labels.ts';

/** Examples that have these labels, one a line from line 2 of `rows.csv`. */
function examplesOf(...labels: string[]): Examples {
  const names = [...new Set(labels)].sort();
  return {
    data: 'intents.test',
    file: 'intents.tune.yaml',
    texts: labels.map((label) => `a text for ${label}`),
    pairs: undefined,
    labels: Int32Array.from(labels, (label) => names.indexOf(label)),
    names,
    placeOf: (row) => ({ file: 'rows.csv', line: row + 2 }),
  };
}

const named = (...labels: string[]): Head => ({ kind: 'named', labels });
const RANDOM: Head = { kind: 'random', modules: ['classifier'] };
const heads = (entries: Record<string, Head>) => new Map(Object.entries(entries));

describe('agreeOnLabels', () => {
  it('takes the labels of the data where nobody names any', () => {
    const agreed = agreeOnLabels(examplesOf('undo', 'redo', 'undo'), undefined, heads({ base: RANDOM }));
    assert.deepEqual(agreed.labels, ['redo', 'undo']);
    assert.deepEqual([...agreed.references], [1, 0, 1]);
    assert.deepEqual([...agreed.ofOutput.get('base')!], [0, 1]);
  });

  it('takes the labels of a head, also those that no example has', () => {
    const agreed = agreeOnLabels(
      examplesOf('undo'),
      undefined,
      heads({ base: RANDOM, tuned: named('save', 'undo', 'redo') }),
    );
    assert.deepEqual(agreed.labels, ['save', 'undo', 'redo']);
    assert.deepEqual([...agreed.references], [1]);
    assert.deepEqual([...agreed.ofOutput.get('base')!], [0, 1, 2]);
  });

  it('says of each output which label it is, whatever the order of each head', () => {
    const agreed = agreeOnLabels(
      examplesOf('redo'),
      ['redo', 'save', 'undo'],
      heads({ one: named('undo', 'redo', 'save'), other: named('save', 'undo', 'redo') }),
    );
    assert.deepEqual([...agreed.ofOutput.get('one')!], [2, 0, 1]);
    assert.deepEqual([...agreed.ofOutput.get('other')!], [1, 2, 0]);
    assert.deepEqual(agreed.matchedByPlace, []);
  });

  it('takes integers in the data as places where they are no names, as training does', () => {
    const agreed = agreeOnLabels(
      examplesOf('2', '0', 'undo'),
      ['redo', 'undo', 'save'],
      heads({ base: RANDOM }),
    );
    assert.deepEqual([...agreed.references], [2, 0, 1]);
    const numbers = agreeOnLabels(examplesOf('7', '3'), ['7', '3'], heads({ base: RANDOM }));
    assert.deepEqual([...numbers.references], [0, 1]);
    assert.throws(
      () => agreeOnLabels(examplesOf('3'), ['redo', 'undo', 'save'], heads({ base: RANDOM })),
      /has a label that `labels:` of intents\.test does not have: "3"; the first stands in line 2 of rows\.csv/,
    );
  });

  it('matches outputs without names by place, only where there are as many', () => {
    const unnamed: Head = { kind: 'unnamed', count: 2 };
    const agreed = agreeOnLabels(examplesOf('undo', 'redo'), undefined, heads({ old: unnamed }));
    assert.deepEqual(agreed.matchedByPlace, ['old']);
    assert.throws(() => agreeOnLabels(examplesOf('undo'), undefined, heads({ old: unnamed })), {
      code: 'evaluate/label-count',
      message: '"old" has 2 outputs without names, but there is 1 label: "undo".',
    });
  });

  it('names the labels that only one side has', () => {
    assert.throws(
      () =>
        agreeOnLabels(
          examplesOf('undo'),
          undefined,
          heads({ a: named('undo', 'redo'), b: named('undo', 'save') }),
        ),
      {
        code: 'evaluate/labels-differ',
        message: '"a" and "b" have different labels: only "a" has "redo"; only "b" has "save".',
        location: { file: 'intents.tune.yaml' },
      },
    );
    assert.throws(
      () => agreeOnLabels(examplesOf('undo'), ['undo', 'redo', 'save'], heads({ a: named('undo', 'redo') })),
      {
        message:
          '`labels:` of intents.test and "a" have different labels: only `labels:` of intents.test has "save".',
      },
    );
  });
});
