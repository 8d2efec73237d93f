import assert from 'node:assert/strict';
import { FactsCache } from './facts-cache.ts';

/** A cache over a trainer whose answers are given by hand. */
function setUp() {
  const asked: {
    params: string;
    signal: AbortSignal;
    give: (facts: number) => void;
    fail: (error: Error) => void;
  }[] = [];
  let stamp = 'one';
  const cache = new FactsCache<string, number>(
    (params, signal) => new Promise((give, fail) => asked.push({ params, signal, give, fail })),
    async () => stamp,
  );
  const changeFiles = (to: string) => (stamp = to);
  return { cache, asked, changeFiles };
}

const never = new AbortController().signal;
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('FactsCache', () => {
  it('asks once, and knows as long as the files stay as they are', async () => {
    const { cache, asked, changeFiles } = setUp();
    assert.equal(await cache.known('a'), undefined);
    const first = cache.get('a', never);
    const second = cache.get('a', never);
    await turn();
    assert.equal(asked.length, 1);
    asked[0]?.give(1);
    assert.deepEqual(await Promise.all([first, second]), [1, 1]);
    assert.equal((await cache.known('a'))?.facts, 1);
    assert.equal(await cache.get('a', never), 1);
    changeFiles('two');
    assert.equal(await cache.known('a'), undefined);
    void cache.get('a', never);
    await turn();
    assert.equal(asked.length, 2);
  });

  it('does not take an answer about old files for one about new files', async () => {
    const { cache, asked, changeFiles } = setUp();
    const old = cache.get('a', never);
    await turn();
    changeFiles('two');
    const current = cache.get('a', never);
    await turn();
    assert.equal(asked.length, 2);
    asked[1]?.give(2);
    assert.equal(await current, 2);
    asked[0]?.give(1);
    assert.equal(await old, 1);
    assert.equal((await cache.known('a'))?.facts, 2);
  });

  it('lets one go without the others, and ends the question only when nobody waits', async () => {
    const { cache, asked } = setUp();
    const controller = new AbortController();
    const gone = cache.get('a', controller.signal);
    const stays = cache.get('a', never);
    await turn();
    controller.abort(new Error('typed on'));
    await assert.rejects(gone, /typed on/);
    assert.equal(asked[0]?.signal.aborted, false);
    asked[0]?.give(1);
    assert.equal(await stays, 1);
  });

  it('asks again after a failure', async () => {
    const { cache, asked } = setUp();
    const failing = cache.get('a', never);
    await turn();
    asked[0]?.fail(new Error('no'));
    await assert.rejects(failing, /no/);
    void cache.get('a', never);
    await turn();
    assert.equal(asked.length, 2);
  });

  it('rejects at once for a signal that is aborted already', async () => {
    const { cache, asked } = setUp();
    await assert.rejects(cache.get('a', AbortSignal.abort(new Error('over'))), /over/);
    assert.equal(asked.length, 0);
  });
});
