import assert from 'node:assert/strict';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gitId, sha256 } from './support/hub-server.ts';
import { hubWorkspace, modelContents } from './support/hub-workspace.ts';
import { eventsOf, lossesOf, manifestOf, statesOf } from './support/workspace.ts';

const REPO = 'example/tiny-bert';

describe('models of the Hugging Face Hub', () => {
  const at = hubWorkspace();
  const cache = (...parts: string[]) => at.space.path('hf', 'hub', 'models--example--tiny-bert', ...parts);
  let commit: string;
  let weights: Buffer;

  beforeEach(() => {
    const contents = modelContents(at.space);
    weights = contents.get('model.safetensors')!;
    commit = at.hub.serveFiles(REPO, contents).refs['main']!;
    at.space.config({ model: { base: `hf:${REPO}` } });
  });

  const run = (...args: string[]) => at.space.run('run', 'intents.tune.yaml', ...args);

  it('are fetched into the cache as huggingface_hub lays it out, and train as the folder does', async () => {
    const { code, stderr, stdout } = await run();
    assert.equal(code, 0, stderr);
    const wanted = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'];
    assert.deepEqual(readdirSync(cache('snapshots', commit)).sort(), wanted, 'nothing that is not needed');
    assert.equal(readFileSync(cache('refs', 'main'), 'utf8'), commit);
    const config = readFileSync(at.space.path('model', 'config.json'));
    const blobs = readdirSync(cache('blobs'));
    assert.ok(blobs.includes(sha256(weights)) && blobs.includes(gitId(config)), blobs.join());
    assert.ok(lstatSync(cache('snapshots', commit, 'config.json')).isSymbolicLink());
    assert.deepEqual(readFileSync(cache('snapshots', commit, 'model.safetensors')), weights);

    const dir = at.space.onlyRun();
    const manifest = manifestOf(dir);
    assert.equal(manifest.model?.base, `hf:${REPO}`);
    assert.equal(manifest.model?.revision, commit);
    assert.equal(
      manifest.model?.files.find(({ path }) => path.endsWith('model.safetensors'))?.sha256,
      sha256(weights),
    );
    assert.equal(manifest.datasets[0]?.rows, 76);
    assert.match(stdout, /First \d+ KiB come from the Hugging Face Hub\./);
    const downloads = eventsOf(dir).filter(
      (event) => event.type === 'progress' && event.phase === 'download',
    );
    assert.ok(downloads.length > 0, 'its progress is told');

    at.space.config();
    assert.equal((await run()).code, 0);
    const [first, second] = at.space.runs();
    assert.deepEqual(lossesOf(first!), lossesOf(second!));
  });

  it('are fetched once: a second run asks for the revision alone', async () => {
    assert.equal((await run()).code, 0);
    at.hub.requests.length = 0;
    assert.equal((await run()).code, 0);
    assert.deepEqual(
      at.hub.requests.map(({ url }) => url.split('?')[0]),
      [`/api/models/${REPO}/revision/main`],
    );
  });

  it('are planned with', async () => {
    const { code, stdout, stderr } = await at.space.run('plan', 'intents.tune.yaml', '--json', '--no-probe');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /"steps":6\b/);
    assert.deepEqual(at.space.runs(), []);
  });

  it('are never fetched by a check, for which what is not known is no mistake', async () => {
    const { code, stdout, stderr } = await at.space.run('check', 'intents.tune.yaml');
    assert.equal(code, 0, stdout + stderr);
    assert.deepEqual(at.hub.requests, []);
    assert.equal((await run()).code, 0);
    at.space.config({ model: { base: `hf:${REPO}` }, data: { max_length: 4000 } });
    at.hub.requests.length = 0;
    const later = await at.space.run('check', 'intents.tune.yaml');
    assert.match(later.stdout, /can read only \d+ tokens/, 'what lies in the cache is known');
    assert.deepEqual(at.hub.requests, []);
  });

  it('take one-word names, branches and commits', async () => {
    const old = modelContents(at.space);
    const tagged = 'a'.repeat(40);
    at.hub.serveFiles('bert-base-cased', old, { refs: { main: 'b'.repeat(40), 'v1.0': tagged } });
    for (const [base, revision] of [
      ['hf:bert-base-cased', 'b'.repeat(40)],
      ['hf:bert-base-cased@v1.0', tagged],
      [`hf:bert-base-cased@${tagged}`, tagged],
    ] as const) {
      at.space.config({ model: { base } });
      const { code, stderr } = await run();
      assert.equal(code, 0, stderr);
      assert.equal(manifestOf(at.space.runs().at(-1)!).model?.revision, revision);
      rmSync(at.space.path('.tunebook', 'runs'), { recursive: true });
    }
  });

  it('are taken from the cache without a network, and it is said', async () => {
    assert.equal((await run()).code, 0);
    await at.hub.stop();
    const { code, stderr } = await run();
    assert.equal(code, 0, stderr);
    assert.match(stderr, /could not be asked for hf:example\/tiny-bert \(the connection was refused\)/);
    assert.match(stderr, new RegExp(`the copy in the cache is used, commit ${commit.slice(0, 12)}`));
    const warnings = at.space.runs().flatMap((dir) => eventsOf(dir).filter(({ type }) => type === 'warning'));
    assert.equal(warnings.length, 1);
  });

  it('are taken from the cache with HF_HUB_OFFLINE, without a request', async () => {
    assert.equal((await run()).code, 0);
    at.hub.requests.length = 0;
    at.space.env['HF_HUB_OFFLINE'] = '1';
    const { code, stderr } = await run();
    assert.equal(code, 0, stderr);
    assert.equal(stderr, '');
    assert.deepEqual(at.hub.requests, []);
    rmSync(at.space.path('hf'), { recursive: true });
    const second = await run();
    assert.equal(second.code, 1);
    assert.match(second.stderr, /is not in the Hugging Face cache, and HF_HUB_OFFLINE says/);
  });

  it('go on where a torn download stopped', async () => {
    at.hub.faults.breakAfter = [40_000, 10_000];
    const { code, stderr } = await run();
    assert.equal(code, 0, stderr);
    const ranges = at.hub.largeRequests.map(({ range }) => range).filter((range) => range !== 'bytes=0-0');
    const last = weights.length - 1;
    assert.deepEqual(ranges, [undefined, `bytes=40000-${last}`, `bytes=50000-${last}`]);
  });

  it('go on with what a killed process left, and begin anew where that is of something else', async () => {
    for (const left of [weights.subarray(0, 30_000), Buffer.alloc(30_000, 7)]) {
      rmSync(at.space.path('hf'), { recursive: true, force: true });
      mkdirSync(cache('blobs'), { recursive: true });
      writeFileSync(`${cache('blobs', sha256(weights))}.incomplete`, left);
      const { code, stderr } = await run();
      assert.equal(code, 0, stderr);
      assert.deepEqual(readFileSync(cache('snapshots', commit, 'model.safetensors')), weights);
      assert.equal(existsSync(`${cache('blobs', sha256(weights))}.incomplete`), false);
    }
  });

  it('begin anew where a server knows no ranges', async () => {
    at.hub.faults.breakAfter = [40_000];
    at.hub.faults.ignoreRange = true;
    const { code, stderr } = await run();
    assert.equal(code, 0, stderr);
    assert.deepEqual(readFileSync(cache('snapshots', commit, 'model.safetensors')), weights);
  });

  it('are refused when their content is not that of the checksum', async () => {
    at.hub.faults.corrupt = 1;
    assert.equal((await run()).code, 0, 'once is an accident');
    rmSync(at.space.path('hf'), { recursive: true });
    at.hub.faults.corrupt = 2;
    const { code, stderr } = await run();
    assert.equal(code, 3);
    assert.match(stderr, /model\.safetensors of hf:example\/tiny-bert came with another content/);
    assert.equal(existsSync(cache('snapshots', commit, 'model.safetensors')), false);
  });

  it('can be stopped while they are fetched, and a resumed run fetches the rest', async () => {
    at.hub.faults.slow = 300;
    const process = at.space.start('run', 'intents.tune.yaml', '--json');
    await process.line((line) => line.type === 'progress' && 'phase' in line && line.phase === 'download');
    process.kill('SIGINT');
    const { code } = await process.ended();
    assert.equal(code, 130);
    const dir = at.space.onlyRun();
    assert.equal(statesOf(dir).at(-1), 'stopped');
    assert.deepEqual(manifestOf(dir).datasets, []);
    at.hub.faults.slow = 0;
    at.hub.serveFiles('example/moved-on', modelContents(at.space));
    at.hub.repositories[0]!.refs['later'] = at.hub.repositories[0]!.refs['main']!;
    at.hub.repositories[0]!.refs['main'] = 'c'.repeat(40);
    const resumed = await at.space.run('resume', 'tiny');
    assert.equal(resumed.code, 0, resumed.stderr);
    assert.equal(manifestOf(dir).model?.revision, commit, 'the commit that it began with');
    assert.equal(manifestOf(dir).datasets[0]?.rows, 76);
  });

  it('are fetched once by two runs at the same time', async () => {
    at.hub.faults.slow = 20;
    const both = await Promise.all([run(), run()]);
    assert.deepEqual(
      both.map(({ code }) => code),
      [0, 0],
      both.map(({ stderr }) => stderr).join('\n'),
    );
    assert.equal(at.hub.largeRequests.filter(({ range }) => range !== 'bytes=0-0').length, 1);
  });

  it('that are adapters’ bases are named so that PEFT finds them', async () => {
    at.space.config({ model: { base: `hf:${REPO}` }, method: { lora: { r: 2, target_modules: ['query'] } } });
    const { code, stderr } = await run();
    assert.equal(code, 0, stderr);
    const file = join(at.space.onlyRun(), 'output', 'adapter_config.json');
    const config = readFileSync(file, 'utf8');
    assert.match(config, new RegExp(`"base_model_name_or_path": "${REPO}",\\s+"revision": "${commit}"`));
    at.space.config({}, [
      {
        evaluate: 'compare',
        data: 'rows.test',
        candidates: { tuned: { run: 'tiny' }, plain: { model: `hf:${REPO}` } },
      },
    ]);
    const evaluated = await at.space.run('evaluate', 'intents.tune.yaml');
    assert.equal(evaluated.code, 0, evaluated.stderr);
  });

  it('are fetched for an export too, alone and in a notebook', async () => {
    const document = `export: copy\nmodel: hf:${REPO}\nformat: safetensors\nfolder: out\n`;
    at.space.write('copy.tune.yaml', document);
    const { code, stderr } = await at.space.run('export', 'copy.tune.yaml');
    assert.equal(code, 0, stderr);
    assert.deepEqual(readFileSync(at.space.path('out', 'model.safetensors')), weights);
    rmSync(at.space.path('hf'), { recursive: true });
    at.space.write('copy.tunebook.md', `\`\`\`yaml tune\n${document.replace('out', 'other')}\`\`\`\n`);
    const notebook = await at.space.run('run', 'copy.tunebook.md');
    assert.equal(notebook.code, 0, notebook.stderr);
    assert.deepEqual(readFileSync(at.space.path('other', 'model.safetensors')), weights);
    assert.ok(existsSync(cache('snapshots', commit, 'model.safetensors')));
  });
});
