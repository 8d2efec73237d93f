import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { DIAGNOSTICS } from './codes.ts';

/** The sources of the language, by whether they are tests. */
function sources(areTests: boolean): string {
  const folder = new URL('./', import.meta.url);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && name.endsWith('.test.ts') === areTests)
    .filter((name) => !name.startsWith('codes.'))
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
    .join('\n');
}

describe('the codes of diagnostics', () => {
  const code = sources(false);
  const tests = sources(true);

  for (const name of Object.keys(DIAGNOSTICS)) {
    it(`${name} is produced, and a test says where`, () => {
      assert.ok(code.includes(`'${name}'`), `nothing produces ${name}`);
      assert.ok(tests.includes(`'${name}'`), `no test expects ${name}`);
    });
  }

  it('are all listed', () => {
    const used = [...code.matchAll(/'(tune\/[a-z-]+)'/g)].map(([, name]) => name ?? '');
    assert.deepEqual(
      [...new Set(used)].filter((name) => !(name in DIAGNOSTICS)),
      [],
    );
  });
});
