import assert from 'node:assert/strict';
import { existsSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { temporaryFolder } from '../../runs/testing/fixtures.ts';
import { splitWords, TokenFile, TokensInMemory, TokenWriter } from './stored-tokens.ts';

describe('stored tokens', () => {
  const folder = temporaryFolder();

  it('are the same in memory and in a file, whatever is read of them', () => {
    const sequence = fc.array(fc.nat({ max: 200_000 }), { maxLength: 30 });
    fc.assert(
      fc.property(fc.array(sequence, { maxLength: 20 }), fc.nat(), fc.nat(), (sequences, a, b) => {
        const [held, filed] = [new TokenWriter(), new TokenWriter({ inMemory: 5 })];
        for (const ids of sequences) for (const writer of [held, filed]) writer.append(ids, [[1, 4]]);
        const all = sequences.flat();
        assert.equal(filed.length, all.length);
        const [memory, file] = [held.finish(), filed.finish()];
        assert.ok(memory instanceof TokensInMemory);
        assert.equal(file instanceof TokenFile, all.length > 5);
        const [from = 0, to = 0] = [a % (all.length + 1), b % (all.length + 1)].sort((x, y) => x - y);
        const words = file.read(from, to);
        assert.deepEqual(words, memory.read(from, to));
        assert.deepEqual([...splitWords(words).input_ids], all.slice(from, to));
        const mask = sequences.flatMap((ids) => ids.map((_, place) => (place >= 1 && place < 4 ? 1 : 0)));
        assert.deepEqual([...splitWords(file.read(0, all.length)).loss_mask], mask);
      }),
    );
  });

  it('stay readable when their file is removed, and leave none where none was named', () => {
    const path = join(folder.path, 'a.tokens');
    const writer = new TokenWriter({ path, inMemory: 2 });
    writer.append([5, 6, 7], []);
    const tokens = writer.finish();
    assert.ok(existsSync(path));
    rmSync(path);
    assert.deepEqual([...tokens.read(1, 3)], [6, 7]);
  });

  it('say what to do where they cannot be written', function () {
    const gone = new TokenWriter({ path: join(folder.path, 'gone', 'b.tokens'), inMemory: 2 });
    gone.append([1, 2], []);
    assert.throws(() => gone.append([3], []), { code: 'run/folder-gone' });
    if (!existsSync('/dev/full')) this.skip();
    const path = join(folder.path, 'full.tokens');
    symlinkSync('/dev/full', path);
    const full = new TokenWriter({ path, inMemory: 2 });
    assert.throws(() => full.append([1, 2, 3], []), { code: 'run/disk-full' });
  });
});
