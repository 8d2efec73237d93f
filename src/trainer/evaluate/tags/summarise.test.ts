import assert from 'node:assert/strict';
import { Random } from '../../random.ts';
import { readTaskFixture } from '../../testing/task-fixture.ts';
import { summarise } from '../summarise.ts';
import { assertClose } from '../testing/fixture.ts';
import { summariseTags, UNREAD, type TagMeasurements } from './summarise.ts';

/** An evaluation of one candidate or of several, told by the names of the tags; `-` for a word that was not read. */
function measured(
  expected: string[][],
  given: Record<string, string[][]>,
  metrics: TagMeasurements['metrics'] = ['f1', 'precision', 'recall', 'macro_f1', 'accuracy'],
): TagMeasurements {
  const labels = [...new Set([expected, ...Object.values(given)].flat(2))].filter((tag) => tag !== '-');
  const places = (rows: string[][]) =>
    rows.map((tags) => Int32Array.from(tags, (tag) => labels.indexOf(tag)));
  const latencies = new Float64Array(expected.length).fill(1);
  const candidates = Object.entries(given).map(([name, rows]) => ({ name, tags: places(rows), latencies }));
  return { data: 'rows.test', labels, references: places(expected), candidates, metrics, seed: 1 };
}

describe('an evaluation of taggers, beside seqeval', () => {
  const ENTITIES = /^[BIES](-|$)/;

  it('has its numbers, over all entities and of each type, for ugly tags too', () => {
    // Sentences without one tag of entities are read as parts of speech are.
    const cases = readTaskFixture().entities.filter(({ expected, predicted }) =>
      [expected, predicted].flat(2).some((tag) => ENTITIES.test(tag)),
    );
    assert.ok(cases.length > 90);
    for (const { expected, predicted, types, ...wanted } of cases) {
      const { candidates, perLabel } = summariseTags(measured(expected, { tagger: predicted }));
      for (const metric of ['f1', 'precision', 'recall', 'macro_f1', 'accuracy'] as const)
        assertClose(candidates['tagger']![metric]!.value, wanted[metric], 1e-12, metric);
      const scores = perLabel!['tagger']!;
      assert.deepEqual(
        scores.map(({ label }) => label),
        Object.keys(types),
      );
      for (const { label, support, ...own } of scores) {
        assert.equal(support, types[label]!.support);
        for (const each of ['precision', 'recall', 'f1'] as const)
          assertClose(own[each], types[label]![each], 1e-12, `${each} of ${label}`);
      }
    }
  });
});

describe('an evaluation of taggers', () => {
  const random = new Random(5);
  const TYPES = ['a', 'b', 'c'];
  const truth = Int32Array.from({ length: 150 }, () => random.below(3));
  const flip = (share: number) => truth.map((label) => (random.below(100) < share ? random.below(3) : label));
  const [good, bad] = [flip(10), flip(60)];

  it('of one entity a row is that of a classifier: interval, difference, p and the smallest difference', () => {
    const rows = (labels: Int32Array) => Array.from(labels, (label) => [`B-${TYPES[label]}`]);
    const tags = summariseTags(measured(rows(truth), { bad: rows(bad), good: rows(good) }, ['macro_f1']));
    const latencies = new Float64Array(150).fill(1);
    const labels = summarise({
      data: 'rows.test',
      labels: TYPES,
      references: truth,
      candidates: [
        { name: 'bad', predictions: bad, latencies },
        { name: 'good', predictions: good, latencies },
      ],
      metrics: ['macro_f1'],
      seed: 1,
    });
    assert.deepEqual(tags.candidates, labels.candidates);
    assert.deepEqual(tags.pairs, labels.pairs);
    assert.equal(tags.verdict, labels.verdict);
  });

  it('says who beats whom, on the first metric', () => {
    const rows = (labels: Int32Array) => Array.from(labels, (label) => ['O', `B-${TYPES[label]}`, 'O']);
    const { verdict, pairs } = summariseTags(measured(rows(truth), { bad: rows(bad), good: rows(good) }));
    assert.match(verdict, /^good beats bad by \d+\.\d points of F1 \(95 % CI \d+\.\d to \d+\.\d, n = 150\)$/);
    assert.deepEqual(
      pairs.map(({ metric }) => metric),
      ['f1', 'precision', 'recall', 'macro_f1', 'accuracy'],
    );
    for (const { ci, difference } of pairs) assert.ok(ci[0] < difference && difference < ci[1]);
  });

  it('counts words that were not read as missed: outside of every entity, and no right words', () => {
    const expected = [
      ['B-a', 'O', 'B-b', 'I-b', 'O'],
      ['O', 'B-a'],
    ];
    const cut = [
      ['B-a', 'O', 'B-b', '-', '-'],
      ['O', 'B-a'],
    ];
    const { candidates } = summariseTags(measured(expected, { cut }));
    const value = (metric: string) => candidates['cut']![metric]!.value;
    assertClose(value('precision'), 2 / 3, 1e-12, 'precision');
    assertClose(value('recall'), 2 / 3, 1e-12, 'recall');
    assertClose(value('accuracy'), 5 / 7, 1e-12, 'accuracy');
    assert.equal(UNREAD, -1);
  });

  it('of parts of speech takes each word by itself', () => {
    const expected = [['DET', 'NOUN', 'NOUN', 'VERB']];
    const given = [['DET', 'NOUN', 'VERB', 'VERB']];
    const { candidates, perLabel } = summariseTags(measured(expected, { tagger: given }, ['accuracy']));
    assert.equal(candidates['tagger']!['accuracy']!.value, 0.75);
    assert.deepEqual(
      perLabel!['tagger']!.map(({ label, precision, recall, support }) => [
        label,
        precision,
        recall,
        support,
      ]),
      [
        ['DET', 1, 1, 1],
        ['NOUN', 1, 0.5, 2],
        ['VERB', 0.5, 1, 1],
      ],
    );
  });

  it('needs a row', () => {
    assert.throws(() => summariseTags(measured([], { tagger: [] })), RangeError);
  });
});
