import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readNotebook } from '../../src/language/notebook/read-notebook.ts';

const EXAMPLE = fileURLToPath(new URL('../../examples/editor-commands', import.meta.url));
const TUNEBOOK = fileURLToPath(new URL('../../dist/tunebook.js', import.meta.url));
const NAME = 'experiment.tunebook.md';

/** Leaves few rows to be asked about: a model that writes is asked for 20 labels a row. */
function shorten(csv: string): void {
  writeFileSync(csv, `${readFileSync(csv, 'utf8').split('\n').slice(0, 25).join('\n')}\n`);
}

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

function tunebook(cwd: string, ...args: readonly string[]) {
  return spawnSync(process.execPath, [TUNEBOOK, ...args], {
    cwd,
    encoding: 'utf8',
    env: {
      ...process.env,
      TUNEBOOK_RUNTIME_DIR: join(cwd, 'runtime'),
      NO_COLOR: '1',
      FORCE_COLOR: undefined,
    },
  });
}

describe("the example's story as a notebook", function () {
  this.timeout(600_000);
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'tunebook-story-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is kept with a result below every cell, and nobody changed one by hand', () => {
    const { cells, problems } = readNotebook(readFileSync(join(EXAMPLE, NAME), 'utf8'));
    assert.deepEqual(problems, []);
    assert.equal(cells.length, 9);
    assert.ok(cells.every(({ output }) => output?.attributes.inputs !== undefined));
  });

  it('has results of what it says, and nothing is wrong in its folder', () => {
    cpSync(EXAMPLE, folder, { recursive: true, filter: (path) => !/[\\/](\.tunebook|corpus)$/.test(path) });
    mkdirSync(join(folder, '.tunebook'));
    const { status, stdout } = tunebook(folder, 'check', '.');
    assert.deepEqual([status, stdout], [0, 'No problems in 4 files.\n']);
  });

  it('is told again without VS Code, with results of the same form', () => {
    cpSync(EXAMPLE, folder, { recursive: true, filter: (path) => basename(path) !== '.tunebook' });
    mkdirSync(join(folder, '.tunebook'));
    shorten(join(folder, 'data/test.csv'));
    const short = [
      'story-full.train.max_steps=8',
      'story-writer.train.max_steps=8',
      'understood.accept={ accuracy: ">= 0" }',
    ];
    const values = short.flatMap((each) => ['--set', each]);
    const { status, stderr } = tunebook(
      folder,
      'run',
      NAME,
      ...values,
      '--force',
      '--output',
      'told.tunebook.md',
    );
    assert.equal(status, 0, stderr);
    const before = readFileSync(join(EXAMPLE, NAME), 'utf8');
    assert.equal(readFileSync(join(folder, NAME), 'utf8'), before);
    const after = readFileSync(join(folder, 'told.tunebook.md'), 'utf8');
    assert.equal(bare(after).replaceAll('\n  max_steps: 8', '').replace('">= 0"', '">= 0.80"'), bare(before));
    // The second one counts rows, of which there are fewer.
    assert.deepEqual(shape(after).toSpliced(1, 1), shape(before).toSpliced(1, 1));
  });
});
