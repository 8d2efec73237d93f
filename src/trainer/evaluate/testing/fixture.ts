import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../../../../test/fixtures/statistics');

/** What scikit-learn, scipy and statsmodels say: a file of python/make_statistics_fixtures.py. */
export function readFixture<T>(name: string): T {
  // SAFETY: the script wrote the file, and each test names the fields that its part of the script makes.
  return JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as T;
}

/** Fails unless `ours` is within `tolerance` of `theirs`, absolute; NaN is close to nothing. */
export function assertClose(ours: number, theirs: number, tolerance: number, what = ''): void {
  assert.ok(Math.abs(ours - theirs) <= tolerance, `${what} ours ${ours}, theirs ${theirs}`);
}

/** Fails unless `ours` is within a relative `tolerance` of `theirs`. */
export function assertNear(ours: number, theirs: number, tolerance: number, what = ''): void {
  assertClose(ours, theirs, tolerance * Math.abs(theirs), what);
}
