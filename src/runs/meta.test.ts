import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { changeMeta, readMeta } from './meta.ts';
import { readRun } from './read.ts';
import { findRun, listRuns, pinnedFirst } from './list.ts';
import { newRun, ownRuntimeFolder, temporaryFolder } from './testing/fixtures.ts';

describe('meta.json', () => {
  const folder = temporaryFolder();
  ownRuntimeFolder();
  let dir: string;

  beforeEach(() => {
    dir = newRun(folder.path, { name: 'intents' });
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('holds a name, a note, tags and a pin; a change of one leaves the others', () => {
    assert.deepEqual(readRun(dir).meta, {});
    changeMeta(dir, { name: 'the good one', pinned: true });
    changeMeta(dir, { tags: ['best', 'v2', 'best'] });
    changeMeta(dir, { notes: 'lr was too high before\n' });
    assert.deepEqual(readRun(dir).meta, {
      name: 'the good one',
      pinned: true,
      notes: 'lr was too high before\n',
      tags: ['best', 'v2'],
    });
    assert.equal(findRun(folder.path, 'the good one').dir, dir);
    changeMeta(dir, { name: '', pinned: false, notes: ' ', tags: [] });
    assert.deepEqual(readMeta(dir), {});
    assert.deepEqual(
      readdirSync(dir).filter((name) => name.endsWith('.tmp')),
      [],
    );
  });

  it('puts pinned runs first', () => {
    const newer = newRun(folder.path, { id: '29991231T000000Z-intents-0000' });
    changeMeta(dir, { pinned: true });
    assert.deepEqual(
      pinnedFirst(listRuns(folder.path)).map((run) => run.dir),
      [dir, newer],
    );
    rmSync(newer, { recursive: true });
  });

  it('is not minded where a hand tore it or put other types into it', () => {
    for (const [text, meta] of [
      ['{ "name": "torn', {}],
      ['[]', {}],
      ['null', {}],
      ['{ "name": 7, "pinned": "yes", "tags": ["a", 3], "notes": [] }', { tags: ['a'] }],
    ] as const) {
      writeFileSync(join(dir, 'meta.json'), text);
      assert.deepEqual(readRun(dir).meta, meta);
      assert.equal(readRun(dir).problem, undefined);
    }
  });

  it('refuses what cannot be a name, a note or a tag, and leaves the file alone', () => {
    changeMeta(dir, { tags: ['kept'] });
    const before = readFileSync(join(dir, 'meta.json'), 'utf8');
    for (const change of [
      { name: 'two\nlines' },
      { name: 'x'.repeat(201) },
      { tags: ['a b'] },
      { tags: [''] },
      { notes: 'x'.repeat(70_000) },
    ])
      assert.throws(() => changeMeta(dir, change), { code: 'run/meta' });
    assert.equal(readFileSync(join(dir, 'meta.json'), 'utf8'), before);
  });

  it('says that the run is gone', () => {
    rmSync(dir, { recursive: true });
    assert.throws(() => changeMeta(dir, { pinned: true }), { code: 'run/folder-gone' });
  });
});
