import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, truncateSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { lossesOf, workspace } from './support/workspace.ts';

const STORIES = fileURLToPath(new URL('../../../shared/models/stories260K/hf', import.meta.url));

describe('tokens of data that was read before', () => {
  const space = workspace();

  it('are kept beside the runs, give the same run, and are cleared away by `tunebook gc`', async () => {
    const at = space.at;
    const row = JSON.stringify({ text: 'Once upon a time there was a girl. '.repeat(20) });
    at.write('rows.jsonl', `${row}\n`.repeat(400));
    const documents = [
      { dataset: 'stories', files: { train: 'rows.jsonl' }, format: 'text' },
      {
        run: 'lm',
        model: { base: STORIES, task: 'text-generation' },
        data: { train: 'stories.train', max_length: 64, packing: true, packing_strategy: 'wrapped' },
        train: { max_steps: 2, per_device_train_batch_size: 2, save_strategy: 'no' },
        target: { local: { device: 'cpu' } },
      },
    ];
    at.write('lm.tune.yaml', documents.map((document) => JSON.stringify(document)).join('\n---\n'));
    const cache = at.path('.tunebook', 'cache', 'tokens');
    const run = async () => {
      const { code, stderr } = await at.run('run', 'lm.tune.yaml');
      assert.equal(code, 0, stderr);
    };
    await run();
    const [name = '', ...more] = readdirSync(cache);
    assert.deepEqual(more, []);
    const whole = readFileSync(at.path('.tunebook', 'cache', 'tokens', name));
    await run();
    truncateSync(at.path('.tunebook', 'cache', 'tokens', name), 1000);
    await run();
    assert.deepEqual(readFileSync(at.path('.tunebook', 'cache', 'tokens', name)), whole);
    const [first, ...others] = at.runs().map(lossesOf);
    for (const each of others) assert.deepEqual(each, first);
    const dry = await at.run('gc', '--dry-run');
    assert.match(dry.stdout, /\.tokens {2}[\d.]+ [KM]iB/);
    assert.ok(existsSync(cache) && readdirSync(cache).length === 1);
    assert.equal((await at.run('gc')).code, 0);
    assert.deepEqual(readdirSync(cache), []);
  });
});
