import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { listRuns } from '../../src/runs/list.ts';
import { eventsOf, manifestOf, statesOf, summaryOf, workspace } from './support/workspace.ts';
import { parseLines } from './support/tunebook.ts';

describe('tunebook run', () => {
  const space = workspace();

  it('trains from the config to the finished model', async () => {
    space.at.config({ data: { eval: 'rows.test' }, train: { eval_strategy: 'steps', eval_steps: 3 } });
    const { code, stdout, stderr } = await space.at.run('run', 'intents.tune.yaml');
    assert.equal(code, 0, stderr);
    const dir = space.at.onlyRun();
    assert.deepEqual(statesOf(dir), [
      'queued',
      'preparing',
      'running',
      'evaluating',
      'running',
      'evaluating',
      'finished',
    ]);
    assert.deepEqual(readdirSync(`${dir}/output`).sort(), [
      'config.json',
      'model.safetensors',
      'tokenizer.json',
      'tokenizer_config.json',
    ]);
    assert.match(stdout, /^training 6\/6 \(100 %\), loss [\d.]+, .*steps\/s/m);
    assert.match(stdout, /^Evaluation after step 3 .*accuracy [\d.]+ %/m);
    assert.match(stdout, /^tiny finished:\n {2}loss +[\d.]+$/m);
    assert.match(stdout, new RegExp(`^It lies in .tunebook/runs/${basename(dir)}$`, 'm'));
    assert.match(stdout, /^Next: tunebook show tiny /m);
    assert.ok(!stdout.includes('\u001b'), 'no colours on a pipe');
    assert.equal(readFileSync(`${dir}/log.txt`, 'utf8'), stdout);
    assert.equal(stderr, '');
  });

  it('streams the events of events.jsonl as they are, and ends with the finished line', async () => {
    space.at.config();
    const { code, stdout } = await space.at.run('run', 'intents.tune.yaml', 'tiny', '--json');
    assert.equal(code, 0);
    const dir = space.at.onlyRun();
    const events = readFileSync(`${dir}/events.jsonl`, 'utf8');
    assert.ok(stdout.startsWith(events), 'byte for byte');
    const [finished, ...more] = parseLines(stdout.slice(events.length));
    assert.deepEqual(more, []);
    const { metrics, ...rest } = { metrics: {}, ...finished };
    assert.deepEqual(rest, { type: 'finished', run: basename(dir), name: 'tiny', dir, state: 'finished' });
    assert.deepEqual(Object.keys(metrics), ['loss', 'learning_rate', 'grad_norm', 'tokens_per_second']);
    const log = readFileSync(`${dir}/log.txt`, 'utf8');
    assert.match(log, /^tiny finished:$/m, 'the log holds words in any case');
  });

  it('writes down what went in', async () => {
    const at = space.at;
    at.config({ data: { eval: 'rows.test' }, train: { seed: 7 } });
    execFileSync('git', ['init', '-q'], { cwd: at.folder });
    const git = ['-c', 'user.name=t', '-c', 'user.email=t@example.org'];
    execFileSync('git', [...git, 'commit', '-q', '--allow-empty', '-m', 'empty'], { cwd: at.folder });
    const head = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: at.folder, encoding: 'utf8' }).trim();
    await at.run('run', 'intents.tune.yaml', '--id', '20261124T170135Z-mine-1a2b');
    const dir = at.path('.tunebook/runs/20261124T170135Z-mine-1a2b');
    const manifest = manifestOf(dir);
    const hash = (file: string) =>
      createHash('sha256')
        .update(readFileSync(at.path(file)))
        .digest('hex');
    assert.deepEqual(manifest.datasets, [
      {
        name: 'rows',
        split: 'train',
        rows: 76,
        files: [
          {
            path: 'data/train.csv',
            bytes: readFileSync(at.path('data/train.csv')).length,
            sha256: hash('data/train.csv'),
          },
        ],
      },
      {
        name: 'rows',
        split: 'test',
        rows: 29,
        files: [
          {
            path: 'data/test.csv',
            bytes: readFileSync(at.path('data/test.csv')).length,
            sha256: hash('data/test.csv'),
          },
        ],
      },
    ]);
    const files = manifest.model?.files.map(({ path, sha256 }) => [path, sha256]);
    assert.deepEqual(files, [
      ['model/config.json', hash('model/config.json')],
      ['model/model.safetensors', hash('model/model.safetensors')],
      ['model/tokenizer.json', hash('model/tokenizer.json')],
      ['model/tokenizer_config.json', hash('model/tokenizer_config.json')],
    ]);
    assert.deepEqual(manifest.git, { commit: head, dirty: false });
    assert.equal(manifest.seed, 7);
    assert.equal(manifest.file, 'intents.tune.yaml');
    assert.match(manifest.configHash, /^[0-9a-f]{64}$/);
    assert.equal(manifest.versions.node, process.version);
    assert.equal(manifest.device?.device, 'cpu');
    assert.match(manifest.device?.reason ?? '', /the config asks for it/);
  });

  it('gives equal configs equal hashes, and others others', async () => {
    const hashes: string[] = [];
    for (const seed of [1, 1, 2]) {
      space.at.config({ train: { seed, max_steps: 1 } });
      await space.at.run('run', 'intents.tune.yaml');
      hashes.push(manifestOf(listRuns(space.at.folder)[0]?.dir ?? '').configHash);
    }
    assert.equal(hashes[0], hashes[1]);
    assert.notEqual(hashes[0], hashes[2]);
  });

  it('needs a name where there are several runs, and lists them', async () => {
    const other = { run: 'other', extends: 'tiny' };
    space.at.config({}, [other]);
    const unnamed = await space.at.run('run', 'intents.tune.yaml');
    assert.equal(unnamed.code, 1);
    assert.match(unnamed.stderr, /2 `run:` documents: tiny, other/);
    const wrong = await space.at.run('run', 'intents.tune.yaml', 'othre');
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /Did you mean other\?/);
    assert.deepEqual(space.at.runs(), []);
    assert.equal((await space.at.run('run', 'intents.tune.yaml', 'other')).code, 0);
  });

  it('goes on from the newest run of a name, and says which one that was', async () => {
    space.at.config({ train: { max_steps: 2 } }, [
      { run: 'more', extends: 'tiny', model: { base: 'run:tiny' } },
    ]);
    const [first, second] = [space.at.path('elsewhere'), space.at.path('nothing')];
    for (const folder of [first, second]) mkdirSync(`${folder}/.tunebook`, { recursive: true });
    const start = (name: string, folder: string) =>
      space.at.run('run', 'intents.tune.yaml', name, '--workspace', folder);
    assert.equal((await start('tiny', first)).code, 0);
    const more = await start('more', first);
    assert.equal(more.code, 0, more.stderr);
    const runs = space.at.runs(`${first}/.tunebook/runs`);
    const [base, run] = ['-tiny-', '-more-'].map((name) => runs.find((dir) => dir.includes(name)));
    const { model } = manifestOf(run ?? '');
    assert.deepEqual([model?.base, model?.revision], [`${base}/output`, basename(base ?? '')]);
    const nothing = await start('more', second);
    assert.equal(nothing.code, 1, 'there is no such run in that folder');
    assert.match(nothing.stderr, /run.*tiny/);
  });

  it('refuses an id that is taken, and leaves that run alone', async () => {
    space.at.config();
    const id = '20261124T170135Z-mine-1a2b';
    assert.equal((await space.at.run('run', 'intents.tune.yaml', '--id', id)).code, 0);
    const before = eventsOf(space.at.onlyRun());
    const { code, stderr } = await space.at.run('run', 'intents.tune.yaml', '--id', id);
    assert.equal(code, 1);
    assert.match(stderr, /exists already\. \[run\/exists\]\n {2}next: /);
    assert.deepEqual(eventsOf(space.at.onlyRun()), before);
  });

  it('puts the run into the workspace that is named', async () => {
    space.at.config();
    const elsewhere = space.at.path('elsewhere');
    await space.at.run('run', 'intents.tune.yaml', '--workspace', elsewhere);
    assert.deepEqual(space.at.runs(), []);
    const [dir = ''] = space.at.runs(`${elsewhere}/.tunebook/runs`);
    assert.equal(summaryOf(dir).state, 'finished');
    assert.equal(readFileSync(`${elsewhere}/.tunebook/.gitignore`, 'utf8'), '*\n');
    assert.ok(
      existsSync(manifestOf(dir).file),
      'a config outside of the workspace is named by its whole path',
    );
  });

  it('trains LoRA to an adapter', async () => {
    space.at.config({ method: { lora: { r: 2, target_modules: ['query', 'value'] } } });
    assert.equal((await space.at.run('run', 'intents.tune.yaml')).code, 0);
    const files = readdirSync(`${space.at.onlyRun()}/output`);
    assert.ok(files.includes('adapter_model.safetensors') && files.includes('adapter_config.json'));
  });

  it('follows the schedule with the arguments that it is given', async () => {
    const lr_scheduler_kwargs = { num_decay_steps: 2, decay_type: 'linear', min_lr_ratio: 0.5 };
    const lr_scheduler_type = 'warmup_stable_decay';
    space.at.config({
      train: { max_steps: 5, learning_rate: 0.008, warmup_steps: 2, lr_scheduler_type, lr_scheduler_kwargs },
    });
    assert.equal((await space.at.run('run', 'intents.tune.yaml')).code, 0);
    const rates = eventsOf(space.at.onlyRun()).flatMap((event) =>
      event.type === 'metrics' ? (event.values['learning_rate'] ?? []) : [],
    );
    assert.deepEqual(rates, [0.004, 0.006, 0.008, 0.008, 0.006]);
  });

  it('goes on when nobody reads what it prints any more', async () => {
    space.at.config({ train: { max_steps: 100 } });
    const run = space.at.startHeld(/"type":"metrics"/, ['run', 'intents.tune.yaml', '--json']);
    await run.line((line) => line.type === 'metrics');
    run.child.stdout?.destroy();
    assert.equal((await run.goOn()).code, 0);
    assert.equal(summaryOf(space.at.onlyRun()).state, 'finished');
  });

  it('switches the profile of onnxruntime on', async () => {
    space.at.config({ train: { max_steps: 3 } });
    space.at.env['TUNEBOOK_PROFILE'] = space.at.path('profile');
    assert.equal((await space.at.run('run', 'intents.tune.yaml')).code, 0);
    const file = readdirSync(space.at.folder).find((name) => /^profile.*\.json$/.test(name));
    const trace: unknown = JSON.parse(readFileSync(space.at.path(file ?? ''), 'utf8'));
    assert.ok(Array.isArray(trace));
    const steps = trace.filter((event: { name?: string }) => event.name === 'model_run');
    assert.equal(steps.length, 3);
  });
});
