import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { NewVote, Preference } from '../../../protocol/compare.ts';
import { fit, rate } from './bradley-terry.ts';

interface Tournament {
  name: string;
  wins: number[][];
  strengths: number[];
  deviations: number[];
}

// SAFETY: a file of python/make_votes_fixture.py.
const fixture = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../../test/fixtures/statistics/votes.json'), 'utf8'),
) as { bounded: Tournament[]; unbounded: Omit<Tournament, 'deviations'>[] };

const matrix = (wins: number[][]) => wins.map((row) => Float64Array.from(row));

function near(ours: readonly number[], theirs: readonly number[], tolerance: number): void {
  assert.equal(ours.length, theirs.length);
  ours.forEach((value, i) =>
    assert.ok(Math.abs(value - (theirs[i] ?? NaN)) < tolerance, `${ours.join()} is not ${theirs.join()}`),
  );
}

function vote(left: string, right: string, winner: Preference, index = 0): NewVote {
  return { index, left, right, winner };
}

describe('Bradley–Terry ratings', () => {
  for (const { name, wins, strengths, deviations } of fixture.bounded)
    it(`${name}: strengths are choix's, intervals those of statsmodels' regression`, () => {
      const ours = fit(matrix(wins), 0);
      near(ours.strengths, strengths, 1e-9);
      near(ours.deviations, deviations, 1e-7);
    });

  for (const { name, wins, strengths } of fixture.unbounded)
    it(`${name}: the prior is choix's`, () => near(fit(matrix(wins), 0.1).strengths, strengths, 1e-5));

  it('counts wins, losses and ties of either side, in Elo points', () => {
    const votes = [
      vote('a', 'b', 'left'),
      vote('b', 'a', 'right'),
      vote('b', 'a', 'left'),
      vote('a', 'b', 'tie'),
    ];
    const [first, second] = rate(votes);
    assert.deepEqual([first?.candidate, first?.won, first?.lost, first?.tied], ['a', 2, 1, 1]);
    // Two and a half wins to one and a half: odds of 5 to 3.
    assert.ok(Math.abs((first?.points ?? 0) - (second?.points ?? 0) - 400 * Math.log10(5 / 3)) < 1e-9);
    assert.equal(first?.unbounded, undefined);
  });

  it('says so where the votes do not bound them, and knows nothing without votes', () => {
    const [first] = rate([vote('a', 'b', 'left'), vote('a', 'b', 'left')]);
    assert.match(first?.unbounded ?? '', /too few/);
    assert.ok(Number.isFinite(first?.points));
    assert.deepEqual(rate([]), []);
  });

  it('does not depend on sides or order', () => {
    const candidate = fc.constantFrom('a', 'b', 'c');
    const winner = fc.constantFrom<Preference>('left', 'right', 'tie', 'both-bad');
    const votes = fc.array(
      fc.tuple(candidate, candidate, winner).filter(([a, b]) => a !== b),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(votes, (drawn) => {
        const own = drawn.map(([a, b, w]) => vote(a, b, w));
        const mirror: Record<string, Preference> = { left: 'right', right: 'left' };
        const turned = drawn.map(([a, b, w]) => vote(b, a, mirror[w] ?? w)).reverse();
        const points = (all: NewVote[]) =>
          new Map(rate(all).map((rating) => [rating.candidate, rating.points]));
        const mirrored = points(turned);
        for (const [name, value] of points(own))
          assert.ok(Math.abs(value - (mirrored.get(name) ?? NaN)) < 1e-6);
      }),
      { numRuns: 50 },
    );
  });
});
