import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ResolvedDataset } from '../../language/resolved.ts';
import { dataFacts } from './facts.ts';
import { readSplit } from './read-split.ts';

describe('readSplit of data that rows are held out of', () => {
  let folder = '';
  before(() => (folder = mkdtempSync(join(tmpdir(), 'tunebook-cut-'))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const write = (name: string, rows: readonly string[]) => {
    const path = join(folder, name);
    writeFileSync(path, `text,label\n${rows.map((row) => `${row}\n`).join('')}`);
    return path;
  };
  const dataset = (files: string[], cut: ResolvedDataset['train_test_split']): ResolvedDataset => ({
    name: 'd',
    file: join(folder, 'a.tune.yaml'),
    files: { train: files, validation: files },
    format: 'classification',
    columns: { text: 'text', label: 'label' },
    ...(cut && { train_test_split: cut }),
  });
  const textsOf = async (reference: Parameters<typeof readSplit>[0]) => {
    const texts: unknown[] = [];
    for await (const { values } of readSplit(reference)) texts.push(values['text']);
    return texts;
  };

  it('gives each row to one of the two, in the order of the files, and the same ones again', async () => {
    const files = [
      write('a.csv', ['a0,x', 'a1,y', 'a2,x', 'a3,y', 'a4,x', 'a5,y']),
      write('b.csv', ['b0,x', 'b1,y', 'b2,x', 'b3,y']),
    ];
    const d = dataset(files, { test_size: 0.25, seed: 0 });
    const held = await textsOf({ dataset: d, split: 'validation' });
    const kept = await textsOf({ dataset: d, split: 'train' });
    // The rows 2, 4 and 6 of ten are those of test/fixtures/train-test-split.json.
    assert.deepEqual(held, ['a2', 'a4', 'b0']);
    assert.deepEqual(kept, ['a0', 'a1', 'a3', 'a5', 'b1', 'b2', 'b3']);
    assert.deepEqual(await textsOf({ dataset: d, split: 'validation' }), held);
  });

  it('reads other splits whole, and everything where nothing is held out', async () => {
    const files = [write('c.csv', ['c0,x', 'c1,y'])];
    const d = dataset(files, { test_size: 1, seed: 0 });
    assert.equal((await textsOf({ dataset: { ...d, files: { test: files } }, split: 'test' })).length, 2);
    assert.equal((await textsOf({ dataset: dataset(files, undefined), split: 'train' })).length, 2);
  });

  it('draws anew when a file has changed', async () => {
    const d = dataset([write('d.csv', ['d0,x', 'd1,y', 'd2,x'])], { test_size: 1, seed: 3 });
    assert.equal((await textsOf({ dataset: d, split: 'train' })).length, 2);
    write('d.csv', ['d0,x', 'd1,y', 'd2,x', 'd3,y', 'd4,x']);
    assert.equal((await textsOf({ dataset: d, split: 'train' })).length, 4);
  });

  it('holds the shares of a column', async () => {
    const rows = Array.from({ length: 40 }, (_, row) => `t${row},${row % 4 === 0 ? 'rare' : 'usual'}`);
    const d = dataset([write('e.csv', rows)], { test_size: 8, seed: 1, stratify_by_column: 'label' });
    const labels: unknown[] = [];
    for await (const { values } of readSplit({ dataset: d, split: 'validation' }))
      labels.push(values['label']);
    assert.equal(labels.filter((label) => label === 'rare').length, 2);
    assert.equal(labels.length, 8);
  });

  it('says what is wrong: nothing left, no such column', async () => {
    const files = [write('f.csv', ['f0,x', 'f1,y'])];
    const read = (cut: ResolvedDataset['train_test_split']) =>
      textsOf({ dataset: dataset(files, cut), split: 'train' });
    await assert.rejects(read({ test_size: 2, seed: 0 }), { code: 'data/held-out', message: /2 of 2 rows/ });
    await assert.rejects(read({ test_size: 1, seed: 0, stratify_by_column: 'lable' }), {
      code: 'data/held-out',
      message: /no column "lable" to stratify by in .*f\.csv; it has text and label/,
    });
  });

  it('is counted by the facts of each side; what is wrong with a row is told of whichever has it', async () => {
    const files = [
      write('g.csv', ['g0,x', ',y', 'g2,x', 'g3,y', 'g4,x', 'g5,y', 'g6,x', 'g7,y', 'g8,x', 'g9,y']),
    ];
    const sides = await Promise.all(
      (['train', 'test'] as const).map((side) =>
        dataFacts({
          files,
          columns: { text: 'text', label: 'label' },
          format: 'classification',
          cut: { test_size: 0.25, seed: 0, side },
        }),
      ),
    );
    assert.deepEqual(
      sides.map(({ rows }) => rows),
      [7, 3],
    );
    assert.deepEqual(
      sides.map(({ problems }) => problems.map(({ code }) => code)),
      [['data/empty-text'], []],
    );
  });
});
