import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { TUNEBOOK, tunebook } from './support/tunebook.ts';
import { eventsOf, workspace, type Workspace } from './support/workspace.ts';

/** What is wrong, and what is said of it: place, sentence and code. Nothing is started: exit 1. */
const WRONG_INPUTS: { name: string; spoil: (at: Workspace) => void; says: RegExp[] }[] = [
  {
    name: 'a data file that is not there',
    spoil: (at) => rmSync(at.path('data/train.csv')),
    says: [/^intents\.tune\.yaml:\d+:\d+: error: .*data\/train\.csv.* \[tune\/missing-file\]/m],
  },
  {
    name: 'an empty data file',
    spoil: (at) => at.write('data/train.csv', ''),
    says: [/data\/train\.csv:1.*: error: .*empty|no rows/m, /\[data\/empty\]/],
  },
  {
    name: 'a data file with a header alone',
    spoil: (at) => at.write('data/train.csv', 'text,label\n'),
    says: [/a header \(text and label\) but no rows/, /\[data\/empty\]/],
  },
  {
    name: 'a header without the named column',
    spoil: (at) => at.write('data/train.csv', 'text,category\nlo lo,alpha\n'),
    says: [
      /^intents\.tune\.yaml:\d+:\d+: error: .*no column `label`.*`category`/m,
      /\[tune\/missing-column\]/,
    ],
  },
  {
    name: 'a label that is not in the list',
    spoil: (at) => {
      at.config({ dataset: { labels: ['alpha', 'bravo', 'charlie', 'delta', 'echo'] } });
      const text = readFileSync(at.path('data/train.csv'), 'utf8');
      at.write('data/train.csv', `${text}lo lo,foxtrot\n`);
    },
    says: [/data\/train\.csv:78.*error: .*foxtrot/m, /\[data\/unknown-label\]/],
  },
  {
    name: 'a data file that is not UTF-8',
    spoil: (at) => at.write('data/train.csv', Buffer.from('text,label\nlo,alpha\ncaf\xe9,bravo\n', 'latin1')),
    says: [/data\/train\.csv:3.*error: .*UTF-8/m, /\[data\/.*\]/],
  },
  {
    name: 'weights that are cut off',
    spoil: (at) => truncateSync(at.path('model/model.safetensors'), 50_000),
    says: [
      /model\.safetensors.* is cut off: it has 50000 bytes and should have 90860/,
      /\[safetensors\/truncated\]/,
    ],
  },
  {
    name: 'a model folder that is not there',
    spoil: (at) => rmSync(at.path('model'), { recursive: true }),
    says: [/^intents\.tune\.yaml:\d+:\d+: error: .*model/m, /\[tune\/missing-model\]/],
  },
  {
    name: 'a model folder without a tokenizer',
    spoil: (at) => {
      rmSync(at.path('model/tokenizer.json'));
      rmSync(at.path('model/tokenizer_config.json'));
    },
    says: [/tokenizer/, /\[tune\/missing-model\]/],
  },
  {
    name: 'a device that nobody knows',
    spoil: (at) => at.config({ target: { device: 'tpu' } }),
    says: [/^intents\.tune\.yaml:\d+:\d+: error: .*tpu/m],
  },
  {
    name: 'a name of a run that is not there',
    spoil: (at) => at.config({ model: { base: 'run:nothing' } }),
    says: [/nothing/],
  },
];

describe('bad input', () => {
  const space = workspace();

  for (const { name, spoil, says } of WRONG_INPUTS) {
    it(`${name}: a clear error, and nothing is started`, async () => {
      space.at.config();
      spoil(space.at);
      const { code, stdout, stderr } = await space.at.run('run', 'intents.tune.yaml');
      for (const each of says) assert.match(stderr, each);
      assert.equal(code, 1, stdout + stderr);
      assert.equal(stdout, '');
      assert.match(stderr, /Nothing was started\.\n$/);
      assert.deepEqual(space.at.runs(), []);
    });
  }

  it('a GPU that is not there: said at its place in the config, and nothing is started', async function () {
    space.at.config({ target: { device: 'cuda', threads: undefined } });
    const there = await space.at.run('devices', '--json');
    if (/"device":"cuda","available":true/.test(there.stdout)) this.skip();
    const { code, stderr } = await space.at.run('run', 'intents.tune.yaml');
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^intents\.tune\.yaml:\d+:\d+: error: `cuda` cannot be used on this machine\. .+ Set `device: auto` .*\[tune\/device\]$/m,
    );
    assert.deepEqual(space.at.runs(), []);
  });
});

describe('a mistake in another document of the file', () => {
  const space = workspace();
  /** A data set that nothing uses and whose file is not there, a run with a field that does not exist, and a line that is no YAML. */
  const WRONG = [
    { dataset: 'other', files: { train: 'data/nowhere.csv' }, format: 'text' },
    { run: 'wrong', model: { base: 'nowhere' }, trian: {} },
  ];

  it('only warns: the run that does not use it is carried out, and said to be right', async () => {
    const file = space.at.config({ train: { max_steps: 1 } }, WRONG);
    appendFileSync(file, '---\nprompt: torn\nmessages: [\n');
    const checked = await space.at.run('check', 'intents.tune.yaml');
    assert.equal(checked.code, 1, 'a check of the file tells of errors');
    const { code, stderr, stdout } = await space.at.run('run', 'intents.tune.yaml', 'tiny');
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(stderr, /error:/);
    assert.match(stderr, /warning: .*data\/nowhere\.csv.*\[tune\/missing-file\]/);
    assert.match(stderr, /warning: .*`trian`/);
    assert.match(stderr, /warning: .*\[tune\/syntax\]/);
    assert.match(
      stderr,
      /^`run: tiny` uses nothing of what is wrong here, and is carried out\. Mend the rest/m,
    );
    assert.match(stdout, /tiny finished/);
  });

  it('is told apart from those that concern the run', async () => {
    space.at.config({ train: { max_steps: 1, learning_rat: 1 } }, WRONG);
    const { code, stderr } = await space.at.run('run', 'intents.tune.yaml', 'tiny');
    assert.equal(code, 1);
    assert.deepEqual(stderr.match(/error: .*/g)?.length, 1);
    assert.match(stderr, /error: .*`learning_rat`/);
    assert.match(stderr, /^1 error, \d warnings in intents\.tune\.yaml\. Nothing was started\.$/m);
    assert.deepEqual(space.at.runs(), []);
  });

  it('keeps an evaluation from being carried out where it may be the objective that measures it', async () => {
    const evaluation = { evaluate: 'good', data: 'rows.test', candidates: { tuned: { run: 'tiny' } } };
    const objectives: [object, boolean][] = [
      [{ objective: 'goal', evaluate: 'good', accept: { accuracy: 'high' } }, true],
      [{ objectiv: 'goal', evaluate: 'good', accept: { accuracy: '>= 0.5' } }, true],
      [{ objective: 'goal', evaluate: 'elsewhere', accept: { accuracy: '>= 0.5' } }, true],
      [{ objective: 'goal', evaluate: 'second', accept: { accuracy: 'high' } }, false],
    ];
    for (const [objective, stops] of objectives) {
      space.at.config({}, [evaluation, { ...evaluation, evaluate: 'second' }, objective]);
      const { stderr } = await space.at.run('evaluate', 'intents.tune.yaml', 'good');
      // There is no run to evaluate yet, which is found out after the check.
      assert.equal(/Nothing was started/.test(stderr), stops, stderr);
      assert.equal(/uses nothing of what is wrong/.test(stderr), !stops, stderr);
    }
  });
});

describe('what a person mistypes', () => {
  const space = workspace();
  const says = async (args: string[], code: number, words: RegExp) => {
    const ended = await space.at.run(...args);
    assert.match(ended.stderr, words);
    assert.equal(ended.code, code, ended.stderr);
  };

  it('runs that inherit from each other are told of as a circle, not as what they lack then', async () => {
    space.at.write('a.tune.yaml', 'run: one\nextends: b.tune.yaml#two\n');
    space.at.write('b.tune.yaml', 'run: two\nextends: a.tune.yaml#one\n');
    await says(
      ['run', 'a.tune.yaml'],
      1,
      /[ab]\.tune\.yaml:2:10: error: .*extends itself.*\[tune\/extends-cycle\]/,
    );
  });

  it('a kind that is misspelt is told of at its line, and a file that is no config as such', async () => {
    space.at.write('a.tune.yaml', 'rum: one\nmodel: { base: model }\n');
    await says(['run', 'a.tune.yaml'], 1, /a\.tune\.yaml:1:1: error: .*Did you mean `run`\?/);
    await says(['run', 'data/train.csv'], 1, /has no `run:` document.*\n.*next: A config is a YAML file/);
    space.at.write('latin.tune.yaml', Buffer.from('run: caf\xe9\n', 'latin1'));
    await says(
      ['run', 'latin.tune.yaml'],
      1,
      /no text\. \[config\/unreadable\]\n {2}next: Save it as UTF-8\.\n$/,
    );
  });

  it('a run that is not there is told of with the name that is meant', async () => {
    space.at.config({ train: { max_steps: 1 } });
    assert.equal((await space.at.run('run', 'intents.tune.yaml')).code, 0);
    const meant = /No run here has the id or the name "tinny"\. .*\n {2}next: Did you mean tiny\?/;
    for (const command of ['show', 'resume', 'rm']) await says([command, 'tinny'], 1, meant);
    await says(['show', 'elsewhere'], 1, /next: `tunebook runs` lists them\./);
  });

  it('a negative number is a value, of which is said what is wrong with it', async () => {
    await says(['gc', '--older-than', '-3'], 2, /--older-than takes a number of days, and "-3" is none\./);
    await says(
      ['generate', 'model', '-p', 'x', '--temperature', '-1'],
      2,
      /--temperature takes a number from 0/,
    );
  });
});

describe('trouble with the disk', () => {
  const space = workspace();

  /** Mounts a small file system on `small/`, in a user namespace of its own, and runs a command below it. */
  function onSmallDisk(at: Workspace, kilobytes: number, ...args: string[]) {
    mkdirSync(at.path('small'));
    const script =
      'mount -t tmpfs -o size=$0k tmpfs "$1" && shift && "$@"; code=$?; ' +
      'for f in small/.tunebook/runs/*/events.jsonl; do cat "$f"; done > events; ls -a small/.tunebook/runs/* > files; exit $code';
    const command = [process.execPath, TUNEBOOK, ...args, '--workspace', at.path('small')];
    return spawnSync(
      'unshare',
      ['-rm', 'sh', '-c', script, String(kilobytes), at.path('small'), ...command],
      {
        cwd: at.folder,
        env: { ...process.env, ...at.env, NO_COLOR: '1', FORCE_COLOR: undefined },
        encoding: 'utf8',
      },
    );
  }

  for (const { what, kilobytes, train } of [
    { what: 'a checkpoint', kilobytes: 240, train: { save_strategy: 'steps', save_steps: 3 } },
    { what: 'the trained model', kilobytes: 140, train: { save_strategy: 'no' } },
  ]) {
    it(`a disk that is full when ${what} is written: exit 3, and the run directory says so`, function () {
      if (spawnSync('unshare', ['-rm', 'true']).status !== 0) this.skip();
      space.at.config({ train });
      const { status, stderr, stdout } = onSmallDisk(space.at, kilobytes, 'run', 'intents.tune.yaml');
      const written = { 'a checkpoint': /\.checkpoint-3\.new/, 'the trained model': /\.output\.new/ }[what];
      assert.match(stderr, written ?? /^$/);
      assert.equal(status, 3, stderr + stdout);
      assert.match(
        stderr,
        /The disk is full: .* could not be written\. \[run\/disk-full\]\n {2}next: Free some space/,
      );
      const events = readFileSync(space.at.path('events'), 'utf8').trim().split('\n').slice(-2);
      assert.match(events[0] ?? '', /"type":"error","code":"run\/disk-full"/);
      assert.match(events[1] ?? '', /"state":"failed"/);
      const files = readFileSync(space.at.path('files'), 'utf8');
      assert.doesNotMatch(files, /\.tmp$|\.new$|^\.reserve$/m, 'nothing half-written is left');
    });
  }

  it('a disk that is full from the start', function () {
    if (spawnSync('unshare', ['-rm', 'true']).status !== 0) this.skip();
    space.at.config();
    const { status, stderr } = onSmallDisk(space.at, 8, 'run', 'intents.tune.yaml');
    assert.equal(status, 3);
    assert.match(stderr, /\[run\/disk-full\]/);
  });

  it('a folder that may not be written to', async function () {
    space.at.config();
    const root = process.getuid?.() === 0;
    const folder = space.at.path('sealed');
    mkdirSync(folder);
    // Root may write everywhere, so it becomes nobody, who must then be able to read all the rest.
    if (root) spawnSync('chmod', ['-R', 'a+rX', space.at.folder]);
    if (root) space.at.env['TUNEBOOK_RUNTIME_DIR'] = undefined;
    chmodSync(folder, 0o555);
    const readable = spawnSync(
      process.execPath,
      [TUNEBOOK, '--version'],
      root ? { uid: 65534, gid: 65534 } : {},
    );
    if (readable.status !== 0) this.skip();
    const { code, stderr } = await tunebook(['run', 'intents.tune.yaml', '--workspace', folder], {
      cwd: space.at.folder,
      env: space.at.env,
      ...(root ? { uid: 65534 } : {}),
    });
    assert.match(stderr, /No permission to write the run directory\. \[run\/not-writable\]\n {2}next: /);
    assert.equal(code, 3);
    chmodSync(folder, 0o755);
  });

  for (const place of ['/proc', '/sys'])
    it(`${place}, which takes no files: said, not waited for`, async function () {
      if (!existsSync(join(place, 'self')) && !existsSync(join(place, 'kernel'))) this.skip();
      space.at.config();
      const run = space.at.start('run', 'intents.tune.yaml', '--workspace', place);
      const late = setTimeout(() => run.kill('SIGKILL'), 40_000);
      const { code, stderr, signal } = await run.ended();
      clearTimeout(late);
      assert.equal(signal, null, 'it never ended');
      assert.match(stderr, /No permission to write the run directory\. \[run\/not-writable\]\n {2}next: /);
      assert.equal(code, 3);
    });

  it('a workspace below a file, one that is a device, and one without a name', async () => {
    space.at.config();
    space.at.write('elsewhere', '');
    const says: [string, number, RegExp][] = [
      ['elsewhere/below', 1, /error: .*elsewhere is a file, and a folder is needed there\./],
      ['/dev/null', 2, /--workspace takes a folder, and \/dev\/null is a file\./],
      ['', 2, /--workspace takes a folder, and it is empty\./],
    ];
    for (const [place, expected, words] of says) {
      const { code, stderr } = await space.at.run('run', 'intents.tune.yaml', '--workspace', place);
      assert.match(stderr, words);
      assert.equal(code, expected);
    }
    assert.deepEqual(space.at.runs(), []);
  });

  it('a file where the folder should be', async () => {
    space.at.config();
    writeFileSync(space.at.path('elsewhere'), '');
    const { code, stderr } = await space.at.run(
      'run',
      'intents.tune.yaml',
      '--workspace',
      space.at.path('elsewhere'),
    );
    assert.equal(code, 2);
    assert.match(stderr, /--workspace takes a folder, and .*elsewhere is a file\./);
  });

  it('a run directory that is removed while the run goes on', async () => {
    space.at.config({ train: { max_steps: 100_000 } });
    const run = space.at.start('run', 'intents.tune.yaml', '--json');
    await run.line((line) => line.type === 'metrics');
    rmSync(space.at.onlyRun(), { recursive: true });
    const { code, stderr } = await run.ended();
    assert.equal(code, 3);
    assert.match(
      stderr,
      /The run directory was removed while the run went on\. \[run\/folder-gone\]\n {2}next: /,
    );
    assert.deepEqual(space.at.runs(), [], 'it does not come back');
  });

  it('a data file that is removed after the check', async () => {
    space.at.config();
    const { code } = await space.at.run('run', 'intents.tune.yaml');
    assert.equal(code, 0);
    assert.equal(eventsOf(space.at.onlyRun()).at(-1)?.type, 'state');
    rmSync(space.at.path('data/train.csv'));
    const resumed = await space.at.run('resume', 'tiny');
    assert.equal(resumed.code, 1);
  });
});
