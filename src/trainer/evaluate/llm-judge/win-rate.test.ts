import assert from 'node:assert/strict';
import { assertNear, readFixture } from '../testing/fixture.ts';
import { verdictIn, type Question, type Verdict } from './questions.ts';
import { summariseWinRate, type Judgements } from './win-rate.ts';

type Told = [row: number, first: string, second: string, verdict: Verdict | undefined];

function judgements(told: readonly Told[]): Judgements {
  const questions = told.map(([row, first, second]): Question => {
    const source = { file: 'rows.jsonl', line: row + 1, values: {} };
    return { row, first, second, item: { row: source, input: '', reference: '' } };
  });
  return { judge: 'm', questions, verdicts: told.map(([, , , verdict]) => verdict) };
}

/** Both orders of a row, of one mind: `b`, `a` or neither wins. */
function agreed(row: number, winner: 'a' | 'b' | 'tie', a = 'a', b = 'b'): Told[] {
  const [one, other]: Verdict[] =
    winner === 'tie' ? ['tie', 'tie'] : winner === 'a' ? ['first', 'second'] : ['second', 'first'];
  return [
    [row, a, b, one],
    [row, b, a, other],
  ];
}

const rows = (count: number, from: number, winner: 'a' | 'b' | 'tie') =>
  Array.from({ length: count }, (_, i) => agreed(from + i, winner)).flat();

describe('the win rate by a judge', () => {
  it('counts ties as half, and what the two orders contradict each other on as a tie', () => {
    const told: Told[] = [
      ...agreed(0, 'b'),
      ...agreed(1, 'b'),
      ...agreed(2, 'a'),
      ...agreed(3, 'tie'),
      [4, 'a', 'b', 'first'],
      [4, 'b', 'a', 'first'],
      [5, 'a', 'b', 'second'],
      [5, 'b', 'a', 'tie'],
    ];
    const { candidates, pairs, judge, verdict } = summariseWinRate('d', ['a', 'b'], 6, judgements(told), 42);
    assert.deepEqual(judge?.pairs, [
      { a: 'a', b: 'b', wins: 2, losses: 1, ties: 3, disagreed: 2, same: 0, unread: 0 },
    ]);
    assert.equal(candidates['b']?.['win_rate']?.value, (2 + 3 / 2) / 6);
    assert.equal(candidates['a']?.['win_rate']?.value, (1 + 3 / 2) / 6);
    assert.equal(pairs[0]?.difference, 1 / 6);
    assert.match(verdict, /the judge contradicted itself on 2 of 6 rows when the answers changed places/);
  });

  it('tests wins against losses by the sign test, whatever the ties', () => {
    const { mcnemar } = readFixture<{ mcnemar: { onlyA: number; onlyB: number; p: number }[] }>('pairs');
    const small = mcnemar.filter(({ onlyA, onlyB }) => onlyA + onlyB > 0 && onlyA + onlyB < 200);
    assert.ok(small.length > 3);
    for (const { onlyA, onlyB, p } of small) {
      const told = [...rows(onlyA, 0, 'a'), ...rows(onlyB, onlyA, 'b'), ...rows(5, onlyA + onlyB, 'tie')];
      const { pairs } = summariseWinRate('d', ['a', 'b'], onlyA + onlyB + 5, judgements(told), 42);
      assertNear(pairs[0]?.p ?? NaN, p, 1e-9);
      assert.equal(pairs[0]?.test, 'sign-exact');
    }
  });

  it('leaves out rows that could not be read, and never takes them for ties', () => {
    const told: Told[] = [
      ...agreed(0, 'b'),
      [1, 'a', 'b', undefined],
      [1, 'b', 'a', 'first'],
      ...agreed(2, 'b'),
    ];
    const { candidates, judge, verdict } = summariseWinRate('d', ['a', 'b'], 3, judgements(told), 42);
    assert.equal(candidates['b']?.['win_rate']?.n, 2);
    assert.equal(candidates['b']['win_rate'].value, 1);
    assert.ok(candidates['b']['win_rate'].ci[0] < 0.5, 'two wins are no certainty');
    assert.equal(judge?.unread, 1);
    assert.equal(judge.pairs[0]?.unread, 1);
    assert.match(verdict, /1 of the 6 answers of the judge hold no verdict/);
  });

  it('has no value where nothing could be read', () => {
    const told: Told[] = [
      [0, 'a', 'b', undefined],
      [0, 'b', 'a', undefined],
    ];
    const { candidates, pairs } = summariseWinRate('d', ['a', 'b'], 1, judgements(told), 42);
    assert.deepEqual([candidates, pairs], [{ a: {}, b: {} }, []]);
  });

  it('counts equal answers, which nobody is asked about, as ties', () => {
    const { candidates, judge } = summariseWinRate('d', ['a', 'b'], 4, judgements(agreed(3, 'b')), 42);
    assert.equal(judge?.pairs[0]?.same, 3);
    assert.equal(candidates['b']?.['win_rate']?.value, (3 / 2 + 1) / 4);
  });

  it('tells of a judge that prefers a place', () => {
    const told = Array.from({ length: 20 }, (_, row): Told[] => [
      [row, 'a', 'b', 'first'],
      [row, 'b', 'a', 'first'],
    ]).flat();
    const { judge, verdict } = summariseWinRate('d', ['a', 'b'], 20, judgements(told), 42);
    assert.deepEqual([judge?.first, judge?.second], [40, 0]);
    assert.match(
      verdict,
      /the judge prefers the answer that is shown first \(100\.0 % of its choices, p < 0\.001\)/,
    );
  });

  it('is a mean over the others where there are several', () => {
    const told = [...agreed(0, 'b', 'a', 'b'), ...agreed(0, 'b', 'a', 'c'), ...agreed(0, 'tie', 'b', 'c')];
    const { candidates, pairs } = summariseWinRate('d', ['a', 'b', 'c'], 1, judgements(told), 42);
    assert.deepEqual(
      ['a', 'b', 'c'].map((name) => candidates[name]?.['win_rate']?.value),
      [0, 0.75, 0.75],
    );
    assert.equal(pairs.length, 3);
  });
});

describe('the verdict of a judge', () => {
  const cases: [string, Verdict | undefined][] = [
    ['Answer A is right. [[A]]', 'first'],
    ['[[B]]', 'second'],
    ['Neither. [[C]]\n', 'tie'],
    ['[[A]] … so: [[A]]', 'first'],
    ['I waver between [[A]] and [[B]]', undefined],
    ['A is better', undefined],
    ['[A]', undefined],
    ['', undefined],
  ];
  for (const [text, verdict] of cases)
    it(`is ${verdict ?? 'not guessed'} in ${JSON.stringify(text)}`, () =>
      assert.equal(verdictIn(text), verdict));
});
