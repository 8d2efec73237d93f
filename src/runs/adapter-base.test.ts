import assert from 'node:assert/strict';
import { adapterBase } from './adapter-base.ts';
import { temporaryFolder } from './testing/fixtures.ts';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

describe('the base of an adapter', () => {
  const folder = temporaryFolder();

  const baseOf = (text: string) => {
    writeFileSync(join(folder.path, 'adapter_config.json'), text);
    return adapterBase(folder.path);
  };
  const named = (base: unknown) => baseOf(JSON.stringify({ base_model_name_or_path: base }));

  it('is the folder that it names, with the values of the environment', async () => {
    assert.equal(await named('/models/llama'), '/models/llama');
    process.env['TUNEBOOK_TEST_MODELS'] = '/models/of-a-test';
    try {
      assert.equal(await named('${env.TUNEBOOK_TEST_MODELS}/llama'), '/models/of-a-test/llama');
    } finally {
      delete process.env['TUNEBOOK_TEST_MODELS'];
    }
  });

  it('is none where it is on the Hub, is not said, or cannot be read', async () => {
    assert.equal(await named('owner/llama'), undefined);
    assert.equal(await named(null), undefined);
    assert.equal(await baseOf('[1]'), undefined);
    assert.equal(await baseOf('{"base_model_name'), undefined);
    assert.equal(await adapterBase(join(folder.path, 'none')), undefined);
  });
});
