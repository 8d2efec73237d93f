import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  COMPARE_CHIPS,
  type CompareChip,
  type CompareQuery,
  type CompareRow,
  type CompareSelection,
} from '../../protocol/compare.ts';
import { diffTexts } from './diff.ts';
import { ROW_HEIGHT, scrollTo, windowOf } from './layout.ts';
import { applyMessage, missingPages, startModel } from './model.ts';
import { ballotOf, nextToVote } from './voting.ts';

const QUERY: CompareQuery = { a: 'a', b: 'b', chip: 'all', sort: 'order' };

function selection(count: number, version = 1, query = QUERY): CompareSelection & { type: 'selection' } {
  const none = COMPARE_CHIPS.map((chip) => [chip, 0]);
  // SAFETY: the entries are those of every chip; fromEntries forgets it.
  const counts = { ...(Object.fromEntries(none) as Record<CompareChip, number>), all: count };
  return { type: 'selection', version, query, count, counts, scatter: [] };
}

function row(index: number, a: string, b: string): CompareRow {
  const of = (output: string) => ({ output, correct: true, score: 1, latency: 1 });
  return { index, input: '', reference: '', answers: [of(a), of(b)] };
}

describe('compare: what differs in two texts', () => {
  it('is marked word by word', () => {
    const parts = diffTexts('open the new file', 'open a file');
    assert.deepEqual(parts.slice(0, 3), [
      { text: 'open ', kind: 'same' },
      { text: 'a', kind: 'removed' },
      { text: 'the', kind: 'added' },
    ]);
    assert.deepEqual(parts.at(-1), { text: 'file', kind: 'same' });
    assert.deepEqual(diffTexts('', ''), []);
    assert.deepEqual(diffTexts('same', 'same'), [{ text: 'same', kind: 'same' }]);
  });

  it('gives both texts back, whatever they are', () => {
    const text = fc.oneof(fc.lorem({ maxCount: 12 }), fc.string({ unit: 'grapheme' }));
    fc.assert(
      fc.property(text, text, (shown, against) => {
        const parts = diffTexts(shown, against);
        const join = (kind: string) =>
          parts
            .filter((part) => part.kind !== kind)
            .map((part) => part.text)
            .join('');
        assert.equal(join('removed'), shown);
        assert.equal(join('added'), against);
      }),
    );
  });
});

describe('compare: a long list', () => {
  it('draws what is seen, wherever it is scrolled to', () => {
    fc.assert(
      fc.property(
        fc.nat(2_000_000),
        fc.nat(2_000_000),
        fc.integer({ min: 50, max: 2000 }),
        (count, place, height) => {
          fc.pre(place < count);
          const top = scrollTo(place, count, 0, height);
          const { from, to } = windowOf(count, top, height);
          assert.ok(from <= place && place < to, `${place} of ${count} is not in ${from} to ${to}`);
          assert.ok(to - from < height / ROW_HEIGHT + 20);
        },
      ),
    );
  });

  it('does not move where the row is seen already', () => assert.equal(scrollTo(3, 100, 0, 500), 0));
});

describe('compare: the model', () => {
  it('keeps rows of its selection alone, and asks for what is missing', () => {
    let model = applyMessage(startModel({ runId: 'x', query: QUERY }), selection(250));
    assert.deepEqual(missingPages(model, 90, 110, 100), [
      [0, 100],
      [100, 200],
    ]);
    const rows = Array.from({ length: 100 }, (_, i) => row(i, 'x', 'y'));
    model = applyMessage(model, { type: 'rows', version: 1, from: 0, rows });
    assert.deepEqual(missingPages(model, 90, 110, 100), [[100, 200]]);
    assert.deepEqual(missingPages(model, 210, 999, 100), [[200, 250]]);
    assert.equal(applyMessage(model, { type: 'rows', version: 7, from: 100, rows }), model);
    assert.equal(applyMessage(model, selection(250, 2)).rows.size, 0);
  });

  it('begins other rows at their top, and stays in those of which more have come', () => {
    const model = { ...applyMessage(startModel({ runId: 'x', query: QUERY }), selection(250)), active: 40 };
    assert.equal(applyMessage(model, selection(300, 2)).active, 40);
    assert.equal(applyMessage(model, selection(300, 2, { ...QUERY, chip: 'fixed' })).active, 0);
    assert.equal(applyMessage(model, selection(10, 2)).active, 9);
  });
});

describe('compare: votes', () => {
  const rows = new Map([0, 1, 2, 3].map((i) => [i, row(i + 10, 'x', i === 1 ? 'x' : 'y')]));
  const model = {
    ...applyMessage(startModel({ runId: 'x', query: QUERY }), selection(4)),
    rows,
    overview: {
      runId: 'x',
      name: 'x',
      candidates: ['a', 'b'],
      labels: [],
      read: 8,
      loading: false,
      hasCost: false,
      isJudged: false,
    },
    votes: { count: 1, voted: [12], ratings: [], edits: 0 },
  };

  it('go on to rows without a vote whose outputs differ', () => {
    assert.deepEqual(
      [0, 1, 2, 4].map((from) => nextToVote(model, from)),
      [0, 3, 3, undefined],
    );
  });

  it('show each candidate on either side', () => {
    const detail = {
      index: 10,
      place: 0,
      source: '',
      input: '',
      reference: '',
      judgements: [],
      cut: [],
      answers: row(10, 'x', 'y').answers.map((answer) => answer && { ...answer, graded: [] }),
    };
    assert.deepEqual(ballotOf({ ...model, detail }, true), { index: 10, left: 'a', right: 'b' });
    assert.deepEqual(ballotOf({ ...model, detail }, false), { index: 10, left: 'b', right: 'a' });
    assert.equal(ballotOf({ ...model, detail: { ...detail, answers: [null, null] } }, true), undefined);
  });
});
