import assert from 'node:assert/strict';
import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../runs/testing/fixtures.ts';
import type { TokenizedLanguageModel } from './language-model.ts';
import { cachedTokens } from './token-cache.ts';

function tokens(count: number, packed = false): TokenizedLanguageModel {
  return {
    input_ids: Int32Array.from({ length: count }, (_, i) => i * 7),
    offsets: Int32Array.of(0, 3, count),
    loss_mask: Uint8Array.from({ length: count }, (_, i) => i % 2),
    ...(packed && { packed: { members: Int32Array.of(1, 0), offsets: Int32Array.of(0, 1, 2) } }),
    report: { rows: 2, truncated: 0, dropped: 0, longest: count - 3, tokens: count },
  };
}

describe('the cache of tokens', () => {
  const workspace = temporaryFolder();
  let made = 0;
  let test = 0;
  const folder = () => join(workspace.path, `tokens-${test}`);
  const get = (inputs: unknown, what = tokens(60_001)) =>
    cachedTokens(folder(), inputs, async () => {
      made++;
      return what;
    });
  beforeEach(() => {
    made = 0;
    test++;
  });

  it('gives back what was made, bit for bit, once for the same inputs', async () => {
    for (const packed of [false, true]) {
      const first = await get(['a', packed], tokens(60_001, packed));
      assert.deepEqual(await get(['a', packed]), first);
    }
    assert.equal(made, 2);
    await get(['b']);
    assert.equal(made, 3);
  });

  it('keeps nothing of small data', async () => {
    await get(['a'], tokens(100));
    await get(['a'], tokens(100));
    assert.equal(made, 2);
    assert.throws(() => readdirSync(folder()));
  });

  it('makes again what is torn, damaged or foreign', async () => {
    await get(['a']);
    const [name = ''] = readdirSync(folder());
    const file = join(folder(), name);
    const whole = readFileSync(file);
    const damaged = Buffer.from(whole);
    damaged[1000]! ^= 1;
    for (const spoil of [
      () => truncateSync(file, 500),
      () => truncateSync(file, 0),
      () => writeFileSync(file, damaged),
      () => writeFileSync(file, 'something else'),
    ]) {
      spoil();
      const before = made;
      assert.deepEqual(await get(['a']), tokens(60_001));
      assert.equal(made, before + 1);
      assert.deepEqual(readFileSync(file), whole, 'and it is whole again');
    }
  });

  it('is written by several at once without harm', async () => {
    const all = await Promise.all([get(['a']), get(['a']), get(['a'])]);
    for (const each of all) assert.deepEqual(each, tokens(60_001));
    assert.equal(readdirSync(folder()).length, 1);
  });

  it('is no matter where it cannot be written', async () => {
    writeFileSync(folder(), 'a file in its place');
    assert.deepEqual(await get(['a']), tokens(60_001));
  });
});
