import assert from 'node:assert/strict';
import { TunebookError } from './error.ts';

describe('TunebookError', () => {
  it('is told from other errors also where another bundle threw it', () => {
    const ofAnotherBundle = Object.assign(new Error('a'), { name: 'TunebookError', code: 'a/b' });
    const all: unknown[] = [
      new TunebookError('a/b', 'a'),
      ofAnotherBundle,
      new Error('a'),
      { code: 'a/b' },
      null,
    ];
    assert.deepEqual(
      all.map((each) => each instanceof TunebookError),
      [true, true, false, false, false],
    );
  });
});
