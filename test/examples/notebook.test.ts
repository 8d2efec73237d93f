import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readNotebook } from '../../src/language/notebook/read-notebook.ts';

const EXAMPLE = fileURLToPath(new URL('../../examples/editor-commands', import.meta.url));
const TUNEBOOK = fileURLToPath(new URL('../../dist/tunebook.js', import.meta.url));
const NAME = 'experiment.tunebook.md';

/** A notebook without its results. */
function bare(text: string): string {
  return readNotebook(text).cells.reduceRight(
    (current, { end, output }) => (output ? current.slice(0, end) + current.slice(output.end) : current),
    text,
  );
}

/** The tables and pictures of a result, without their numbers. */
function shape(text: string): string[] {
  return readNotebook(text).cells.map(({ output }) =>
    text
      .slice(output?.body.start, output?.body.end)
      .split('\n')
      .filter((line) => /^\|.*[a-z]|^!\[/i.test(line))
      .map((line) => line.replace(/[\d.,+\-−]+/g, '0').replace(/\\< 0/g, '0'))
      .join('\n'),
  );
}

describe("the example's story as a notebook", function () {
  this.timeout(240_000);
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'tunebook-story-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is kept with a result below every cell, and nobody changed one by hand', () => {
    const { cells, problems } = readNotebook(readFileSync(join(EXAMPLE, NAME), 'utf8'));
    assert.deepEqual(problems, []);
    assert.equal(cells.length, 4);
    assert.ok(cells.every(({ output }) => output?.attributes.inputs !== undefined));
  });

  it('is told again without VS Code, with results of the same form', () => {
    cpSync(EXAMPLE, folder, { recursive: true, filter: (path) => basename(path) !== '.tunebook' });
    mkdirSync(join(folder, '.tunebook'));
    const steps = ['--set', 'story-full.train.max_steps=8', '--force', '--output', 'told.tunebook.md'];
    const { status, stderr } = spawnSync(process.execPath, [TUNEBOOK, 'run', NAME, ...steps], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, TUNEBOOK_RUNTIME_DIR: join(folder, 'runtime'), NO_COLOR: '1' },
    });
    assert.equal(status, 0, stderr);
    const before = readFileSync(join(EXAMPLE, NAME), 'utf8');
    assert.equal(readFileSync(join(folder, NAME), 'utf8'), before);
    const after = readFileSync(join(folder, 'told.tunebook.md'), 'utf8');
    assert.equal(bare(after).replace(/\n {2}max_steps: 8/, ''), bare(before));
    assert.deepEqual(shape(after), shape(before));
  });
});
