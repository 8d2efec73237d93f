import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { readNotebook } from '../../src/language/notebook/read-notebook.ts';
import { workspace, type Workspace } from './support/workspace.ts';

const DATA = `dataset: rows
files: { train: data/train.csv, test: data/test.csv }
format: classification
columns: { text: text, label: label }
`;
const TINY = `run: tiny
model: { base: model, task: text-classification, num_labels: 5 }
data: { train: rows.train, max_length: 32 }
train: { max_steps: 4, per_device_train_batch_size: 8, logging_steps: 1 }
target: { local: { device: cpu, threads: 2 } }
`;
const VERDICT = `evaluate: verdict
data: rows.test
candidates:
  before: { model: model }
  after: { run: tiny }
`;

function cell(text: string): string {
  return `\`\`\`yaml tune\n${text}\`\`\`\n`;
}

const STORY = `# A story\n\nProse  with *marks*.\n\n${cell(DATA)}\nThen it trains.\n\n${cell(TINY)}\n> so?\n\n${cell(VERDICT)}\nThe end, without a line end`;

/** A notebook without its results. */
function bare(text: string): string {
  return readNotebook(text)
    .cells.toReversed()
    .reduce(
      (current, { end, output }) => (output ? current.slice(0, end) + current.slice(output.end) : current),
      text,
    );
}

describe('tunebook run FILE.tunebook.md', () => {
  const space = workspace();
  const name = 'story.tunebook.md';
  const read = (file = name) => readFileSync(space.at.path(file), 'utf8');
  const results = (at: Workspace) =>
    readNotebook(readFileSync(at.path(name), 'utf8')).cells.map(
      ({ output }) => output?.attributes.runs.length,
    );

  it('carries out every cell in order, writes results in place, and nothing else', async () => {
    space.at.write(name, STORY);
    const { code, stdout, stderr } = await space.at.run('run', name);
    assert.equal(code, 0, stderr);
    const text = read();
    assert.equal(bare(text), STORY);
    assert.deepEqual(results(space.at), [0, 1, 1]);
    assert.equal(space.at.runs().length, 2);
    assert.match(text, /\| split \| rows \|/);
    assert.match(text, /\*\*tiny\*\* finished: 4 steps/);
    assert.match(text, /!\[Loss of tiny by step\]\(story\.files\/tiny-loss\.svg\)/);
    assert.match(read('story.files/tiny-loss.svg'), /^<svg [\s\S]*polyline/);
    assert.match(text, /\| before \| \d+\.\d % \(/);
    assert.match(
      stdout,
      /Cell 1 of 3: rows \(dataset\)[\s\S]*Cell 2 of 3: tiny \(run\)[\s\S]*Cell 3 of 3: verdict \(evaluate\)/,
    );
    const check = await space.at.run('check', name);
    assert.deepEqual([check.code, check.stdout], [0, `No problems in ${name}.\n`]);
  });

  it('runs only what has changed, and what depends on it', async () => {
    space.at.write(name, STORY);
    assert.equal((await space.at.run('run', name)).code, 0);
    const before = read();
    const again = await space.at.run('run', name);
    assert.match(
      again.stdout,
      /rows: unchanged[^\n]*\n[^\n]*tiny: unchanged[^\n]*\n[^\n]*verdict: unchanged/,
    );
    assert.equal(read(), before);
    assert.equal(space.at.runs().length, 2);
    space.at.write(name, before.replace('max_steps: 4', 'max_steps: 3'));
    const check = await space.at.run('check', name, '--json');
    const stale = check.stdout.split('\n').filter((line) => line.includes('notebook/stale-output'));
    assert.equal(stale.length, 2, check.stdout);
    assert.equal(check.code, 0);
    const third = await space.at.run('run', name);
    assert.match(third.stdout, /rows: unchanged/);
    assert.match(third.stdout, /tiny \(run\)[\s\S]*verdict \(evaluate\)/);
    assert.equal(space.at.runs().length, 4);
    assert.match(read(), /\*\*tiny\*\* finished: 3 steps/);
    assert.equal((await space.at.run('run', name, '--force', '--cell', 'rows')).code, 0);
    assert.equal(space.at.runs().length, 4);
  });

  it('runs one cell, and marks those that it makes stale', async () => {
    space.at.write(name, STORY);
    assert.equal((await space.at.run('run', name)).code, 0);
    const { code, stdout } = await space.at.run('run', name, '--cell', 'tiny', '--set', 'train.max_steps=2');
    assert.equal(code, 0);
    assert.match(stdout, /verdict: stale, its inputs have changed since its result\./);
    assert.match(read(), /max_steps: 2,[\s\S]*\*\*tiny\*\* finished: 2 steps/);
    const unknown = await space.at.run('run', name, '--cell', 'tinny');
    assert.deepEqual([unknown.code, /Did you mean tiny\?/.test(unknown.stderr)], [1, true]);
  });

  it('writes a copy and leaves the notebook as it is', async () => {
    space.at.write(name, STORY);
    const { code } = await space.at.run(
      'run',
      name,
      '--set',
      'tiny.train.max_steps=2',
      '--output',
      'copy.tunebook.md',
    );
    assert.equal(code, 0);
    assert.equal(read(), STORY);
    assert.match(read('copy.tunebook.md'), /max_steps: 2,[\s\S]*\*\*tiny\*\* finished: 2 steps/);
    const wrong = await space.at.run('run', name, '--set', 'train.max_stepps=2');
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /No document that is run sets train\.max_stepps/);
    assert.equal((await space.at.run('run', name, '--set', 'nothing')).code, 2);
  });

  it('starts nothing where a cell is broken, and tells its own lines', async () => {
    const broken = STORY.replace('run: tiny', 'run: tiny\nmodel: [');
    space.at.write(name, broken);
    const line = broken.slice(0, broken.indexOf('model: [')).split('\n').length;
    const { code, stderr } = await space.at.run('run', name);
    assert.equal(code, 1);
    assert.match(stderr, new RegExp(`^story\\.tunebook\\.md:${line}:`, 'm'));
    assert.match(stderr, /Nothing was started\./);
    assert.deepEqual(space.at.runs(), []);
    assert.equal(read(), broken);
    // One that does not need it can be run.
    assert.equal((await space.at.run('run', name, '--cell', 'rows')).code, 0);
    assert.deepEqual(results(space.at), [0, undefined, undefined]);
  });

  for (const [what, text] of [
    ['a fence that is not closed', STORY.replace('```\n> so?', '> so?').replace('```\n\n> so?', '\n> so?')],
    ['marks of a merge', STORY.replace('# A story', '<<<<<<< HEAD\n# A\n=======\n# B\n>>>>>>> other')],
    [
      'a mark of a result without its other one',
      STORY.replace('Then', '<!-- tunebook:output run=x -->\n\nThen'),
    ],
    ['two cells with one name', STORY.replace('> so?', cell(DATA))],
  ] as const) {
    it(`starts nothing with ${what}`, async () => {
      space.at.write(name, text);
      const { code, stderr } = await space.at.run('run', name);
      assert.equal(code, 1, stderr);
      assert.match(stderr, /^story\.tunebook\.md:\d+:\d+: error: /m);
      assert.equal(read(), text);
    });
  }

  it('stops at the first cell that fails, and says so below it', async () => {
    space.at.write(name, STORY.replace('max_steps: 4', 'max_steps: 4, learning_rate: 1.0e+30'));
    const { code } = await space.at.run('run', name);
    assert.equal(code, 3);
    assert.match(read(), /\*\*tiny\*\* failed[^\n]*\./);
    assert.deepEqual(results(space.at), [0, 1, undefined]);
    assert.equal(readNotebook(read()).cells[1]?.output?.attributes.inputs, undefined);
  });

  it('overwrites no result that was changed by hand, unless it is told to', async () => {
    space.at.write(name, STORY);
    assert.equal((await space.at.run('run', name, '--cell', 'rows')).code, 0);
    const words = read().replace('| split |', 'My words.\n\n| split |').replace('columns: {', 'columns:  {');
    space.at.write(name, words);
    space.at.write('data/more.csv', 'text,label\n');
    const changed = words.replace('test: data/test.csv', 'test: data/train.csv');
    space.at.write(name, changed);
    const { code, stderr } = await space.at.run('run', name, '--cell', 'rows');
    assert.equal(code, 1);
    assert.match(stderr, /The result of rows was changed by hand/);
    assert.equal(read(), changed);
    assert.equal((await space.at.run('run', name, '--cell', 'rows', '--force')).code, 0);
    assert.doesNotMatch(read(), /My words/);
  });

  it('runs a cell again whose run was deleted', async () => {
    space.at.write(name, STORY);
    assert.equal((await space.at.run('run', name)).code, 0);
    rmSync(space.at.path('.tunebook', 'runs'), { recursive: true });
    assert.equal((await space.at.run('check', name)).stdout, `No problems in ${name}.\n`);
    const { code, stdout } = await space.at.run('run', name);
    assert.equal(code, 0);
    assert.match(stdout, /tiny: unchanged, but its run is not on this machine/);
    assert.equal(space.at.runs().length, 2);
  });

  it('puts a result into what the file has become, and overwrites nothing', async () => {
    space.at.write(name, STORY.replace('max_steps: 4', 'max_steps: 400'));
    const process = space.at.startHeld(/"type":"metrics"/, ['run', name, '--json']);
    await process.line((line) => line.type === 'metrics');
    space.at.write(name, `New words.\n\n${read()}`);
    const ending = process.goOn();
    await process.line(
      (line) =>
        line.type === 'cell' &&
        'state' in line &&
        line.state === 'finished' &&
        'index' in line &&
        line.index === 1,
    );
    const { code } = await ending;
    assert.equal(code, 0);
    assert.match(read(), /^New words\.\n\n# A story/);
    assert.deepEqual(results(space.at), [0, 1, 1]);
  });

  it('writes nothing where the cell itself was changed meanwhile, and says where the result is', async () => {
    space.at.write(name, STORY.replace('max_steps: 4', 'max_steps: 400'));
    const process = space.at.startHeld(/"type":"metrics"/, ['run', name, '--json']);
    await process.line((line) => line.type === 'metrics');
    const changed = read().replace('max_steps: 400', 'max_steps: 7');
    space.at.write(name, changed);
    const { code, stderr } = await process.goOn();
    assert.equal(code, 1);
    assert.match(stderr, /was changed while its cell ran\. Nothing in it was overwritten/);
    assert.match(stderr, /What was computed is in \d{8}T\d{6}Z-tiny-/);
    assert.equal(read(), changed);
  });

  it('leaves the file alone when it is interrupted, and the run can be resumed', async () => {
    space.at.write(name, STORY.replace('max_steps: 4', 'max_steps: 4000'));
    const process = space.at.start('run', name, '--json');
    await process.line((line) => line.type === 'metrics');
    const before = read();
    process.kill('SIGINT');
    assert.equal((await process.ended()).code, 130);
    assert.equal(read(), before);
    assert.match(readFileSync(`${space.at.onlyRun()}/events.jsonl`, 'utf8'), /"type":"checkpoint"/);
  });

  it('keeps a link a link', async () => {
    space.at.write('real.md', STORY);
    symlinkSync('real.md', space.at.path(name));
    assert.equal((await space.at.run('run', name, '--cell', 'rows')).code, 0);
    assert.match(read('real.md'), /\| split \| rows \|/);
  });

  it('is made into a page and a Jupyter notebook', async () => {
    space.at.write(name, STORY);
    assert.equal((await space.at.run('run', name, '--cell', 'rows')).code, 0);
    const page = await space.at.run('render', name, '--html');
    assert.deepEqual([page.code, page.stdout], [0, 'Wrote story.html.\n']);
    assert.match(read('story.html'), /<section class="output"[\s\S]*<th[^>]*>split<\/th>/);
    const jupyter = await space.at.run('render', name, '--ipynb', '--output', 'x.ipynb', '--json');
    assert.deepEqual(
      [jupyter.code, JSON.parse(jupyter.stdout)],
      [0, { type: 'rendered', file: space.at.path('x.ipynb') }],
    );
    assert.match(read('x.ipynb'), /"nbformat": 4,/);
    assert.equal((await space.at.run('render', name)).code, 2);
    assert.equal((await space.at.run('render', 'none.tunebook.md', '--html')).code, 1);
    assert.equal((await space.at.run('render', name, '--html', '--output', name)).code, 2);
  });

  it('says what a data set holds, also without a notebook', async () => {
    space.at.write(name, STORY);
    const { code, stdout } = await space.at.run('inspect', name, 'rows', '--json');
    assert.equal(code, 0);
    assert.match(stdout, /"splits":\[\{"split":"train","rows":\d+/);
    assert.equal((await space.at.run('inspect', name, 'row')).code, 1);
  });

  it('refuses flags that mean nothing', async () => {
    space.at.write(name, STORY);
    assert.equal((await space.at.run('run', name, '--id', '20261124T170135Z-intents-1a2b')).code, 2);
    assert.equal((await space.at.run('run', name, 'tiny', '--force')).code, 2);
    assert.equal(existsSync(space.at.path('.tunebook', 'runs')), false);
  });
});
