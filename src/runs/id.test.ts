import assert from 'node:assert/strict';
import { createRunId, formatRunId, isRunId } from './id.ts';

describe('run ids', () => {
  const now = new Date('2026-11-24T17:01:35.482Z');

  it('hold the time, the name and four hex digits', () => {
    assert.equal(formatRunId('intents-lora', now, '1a2b'), '20261124T170135Z-intents-lora-1a2b');
  });

  it('do not repeat for the same name at the same moment', () => {
    assert.equal(new Set(Array.from({ length: 2000 }, () => createRunId('a', now))).size, 2000);
  });

  for (const [name, slug] of [
    ['../../etc/passwd', 'etc-passwd'],
    ['läuft gut?', 'l-uft-gut'],
    ['...', 'run'],
    ['x'.repeat(300), 'x'.repeat(64)],
  ] as const) {
    it(`make a folder name of ${JSON.stringify(name.slice(0, 20))}`, () => {
      const id = formatRunId(name, now, '0000');
      assert.equal(id, `20261124T170135Z-${slug}-0000`);
      assert.ok(isRunId(id));
    });
  }

  it('are told from other folder names', () => {
    assert.equal(isRunId('.new-20261124T170135Z-a-1a2b-77'), false);
    assert.equal(isRunId('20261124T170135Z-a/../b-1a2b'), false);
    assert.equal(isRunId('notes'), false);
  });
});
