import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { workspace } from './support/workspace.ts';

describe('tunebook schema', () => {
  const space = workspace();

  it('prints the schema that is kept in schemas/', async () => {
    const kept: unknown = JSON.parse(
      readFileSync(new URL('../../schemas/tune.schema.json', import.meta.url), 'utf8'),
    );
    for (const args of [['schema'], ['schema', '--json']]) {
      const { code, stdout } = await space.at.run(...args);
      assert.equal(code, 0);
      assert.deepEqual(JSON.parse(stdout), kept);
    }
  });
});
