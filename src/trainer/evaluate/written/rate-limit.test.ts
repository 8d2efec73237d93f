import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { RateLimit, type Clock, type RateLimits } from './rate-limit.ts';

/** A clock that is moved on by whoever waits. */
function clock(): Clock & { time: number } {
  const own = {
    time: 0,
    now: () => own.time,
    wait: async (milliseconds: number, signal: AbortSignal) => {
      await nextTurn();
      signal.throwIfAborted();
      own.time += milliseconds;
    },
  };
  return own;
}

const never = new AbortController().signal;

/** When each request passed, in seconds. */
async function passed(limits: RateLimits, requests: readonly number[], settled?: number): Promise<number[]> {
  const time = clock();
  const limit = new RateLimit(limits, time);
  const at: number[] = [];
  for (const tokens of requests) {
    const admission = await limit.pass(tokens, never);
    at.push(time.time / 1000);
    if (settled !== undefined) admission.settle(settled);
  }
  return at;
}

describe('the rate limit of an endpoint', () => {
  it('lets so many requests pass within any minute, and the next when the first is a minute old', async () => {
    assert.deepEqual(await passed({ requests: 2 }, [1, 1, 1, 1, 1]), [0, 0, 60, 60, 120]);
  });

  it('counts tokens, and frees as many of the oldest as are needed', async () => {
    assert.deepEqual(await passed({ tokens: 100 }, [40, 40, 30, 60, 20]), [0, 0, 60, 60, 120]);
  });

  it('goes on with what was taken in truth', async () => {
    assert.deepEqual(await passed({ tokens: 100 }, [90, 90, 90], 5), [0, 0, 0]);
  });

  it('lets a request that is larger than a minute go alone', async () => {
    assert.deepEqual(await passed({ tokens: 10 }, [50, 5, 50]), [0, 60, 120]);
  });

  it('holds nothing back where nothing is said', async () => {
    assert.deepEqual(await passed({}, [1e9, 1e9]), [0, 0]);
  });

  it('keeps to the order, and one that is given up holds up nobody', async () => {
    const time = clock();
    const limit = new RateLimit({ requests: 1 }, time);
    const stop = new AbortController();
    const order: string[] = [];
    const first = limit.pass(1, never).then(() => order.push('first'));
    const second = limit.pass(1, stop.signal).catch(() => order.push('given up'));
    const third = limit.pass(1, never).then(() => order.push(`third at ${time.time / 1000}`));
    await first;
    stop.abort();
    await Promise.all([second, third]);
    assert.deepEqual(order, ['first', 'given up', 'third at 60']);
  });
});
