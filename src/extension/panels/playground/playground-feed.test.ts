import assert from 'node:assert/strict';
import { TunebookError } from '../../../protocol/error.ts';
import type { ToPlayground } from '../../../protocol/playground.ts';
import { PlaygroundFeed } from './playground-feed.ts';

describe('a playground that may not start a trainer', () => {
  it('says why and what to do, and goes on once it may', async () => {
    let isTrusted = false;
    const posted: ToPlayground[] = [];
    const feed = new PlaygroundFeed({
      workspace: '/work',
      sources: [],
      trainer: {
        request: () => {
          if (!isTrusted)
            return Promise.reject(
              new TunebookError('playground/untrusted', 'It is not trusted.', { hint: 'Trust it.' }),
            );
          // SAFETY: no candidate is an answer to every request for candidates.
          return Promise.resolve([] as never);
        },
      },
      post: (message) => posted.push(message),
    });
    const open = () => feed.receive({ type: 'ready' }, () => assert.fail('there is nothing to do'));
    await open();
    assert.deepEqual(posted, [
      { type: 'unavailable', message: 'It is not trusted. Trust it.' },
      { type: 'going', turn: undefined },
    ]);
    isTrusted = true;
    await open();
    assert.deepEqual(posted[2], { type: 'candidates', candidates: [], sources: [] });
  });
});
