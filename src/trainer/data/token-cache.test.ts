import assert from 'node:assert/strict';
import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../runs/testing/fixtures.ts';
import type { TokenizedLanguageModel } from './language-model.ts';
import { TokenWriter, type TokenWriterOptions } from './stored-tokens.ts';
import { cachedTokens } from './token-cache.ts';

/** Tokens of which every second one counts: in memory, or in a file where they are too many for `inMemory`. */
function tokens(
  count: number,
  { packed = false, ...storage }: TokenWriterOptions & { packed?: boolean } = {},
): TokenizedLanguageModel {
  const writer = new TokenWriter(storage);
  for (let from = 0; from < count; from += 3) {
    const ids = Array.from({ length: Math.min(3, count - from) }, (_, i) => (from + i) * 7);
    writer.append(ids, [[1, 2]]);
  }
  return {
    tokens: writer.finish(),
    offsets: Int32Array.of(0, 3, count),
    ...(packed && { packed: { members: Int32Array.of(1, 0), offsets: Int32Array.of(0, 1, 2) } }),
    report: { rows: 2, truncated: 0, dropped: 0, masked: 0, longest: count - 3, tokens: count },
  };
}

describe('the cache of tokens', () => {
  const workspace = temporaryFolder();
  let made = 0;
  let test = 0;
  const folder = () => join(workspace.path, `tokens-${test}`);
  const get = async (inputs: unknown, count = 60_001, options: Parameters<typeof tokens>[1] = {}) => {
    const { tokens: all, ...rest } = await cachedTokens(folder(), inputs, async (path) => {
      made++;
      return tokens(count, { ...options, ...(path === undefined ? {} : { path }) });
    });
    return { ...rest, words: all.read(0, all.length) };
  };
  const whole = (count = 60_001, options: Parameters<typeof tokens>[1] = {}) => {
    const { tokens: all, ...rest } = tokens(count, options);
    return { ...rest, words: all.read(0, all.length) };
  };
  beforeEach(() => {
    made = 0;
    test++;
  });

  it('gives back what was made, bit for bit, once for the same inputs', async () => {
    for (const options of [{}, { packed: true }, { inMemory: 7 }, { inMemory: 7, packed: true }]) {
      const first = await get(['a', options], 60_001, options);
      assert.deepEqual(first, whole(60_001, options));
      assert.deepEqual(await get(['a', options]), first);
    }
    assert.equal(made, 4);
    await get(['b']);
    assert.equal(made, 5);
    assert.equal(readdirSync(folder()).length, 5);
  });

  it('keeps nothing of small data', async () => {
    await get(['a'], 100);
    await get(['a'], 100);
    assert.equal(made, 2);
    await get(['a'], 100, { inMemory: 7 });
    assert.deepEqual(readdirSync(folder()), []);
  });

  it('makes again what is torn, damaged or foreign', async () => {
    await get(['a']);
    const [name = ''] = readdirSync(folder());
    const file = join(folder(), name);
    const bytes = readFileSync(file);
    const damaged = Buffer.from(bytes);
    damaged[1000]! ^= 1;
    for (const spoil of [
      () => truncateSync(file, 500),
      () => truncateSync(file, 0),
      () => writeFileSync(file, damaged),
      () => writeFileSync(file, 'something else'),
    ]) {
      spoil();
      const before = made;
      assert.deepEqual(await get(['a']), whole());
      assert.equal(made, before + 1);
      assert.deepEqual(readFileSync(file), bytes, 'and it is whole again');
    }
  });

  it('is written by several at once without harm', async () => {
    const all = await Promise.all([get(['a']), get(['a']), get(['a'])]);
    for (const each of all) assert.deepEqual(each, whole());
    assert.equal(readdirSync(folder()).length, 1);
  });

  it('is no matter where it cannot be written', async () => {
    writeFileSync(folder(), 'a file in its place');
    assert.deepEqual(await get(['a']), whole());
  });
});
