import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DiskHost } from '../trainer/host.ts';
import { check } from './check.ts';

const MODEL = fileURLToPath(new URL('../../test/fixtures/parity/bert-classifier', import.meta.url));

const ROWS = ['text,intent', 'copy this,copy', 'paste it,paste', 'undo that,undo', 'copy again,copy'];

describe('check, on files and a model that are really there', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tunebook-check-'));
    mkdirSync(join(folder, 'data'));
    write('data/train.csv', ROWS.join('\n'));
    // Other texts than those that are trained on.
    write('data/test.csv', ROWS.join('\n').replaceAll(/^(?!text,)/gm, 'now '));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function write(name: string, content: string | Uint8Array): void {
    writeFileSync(join(folder, name), content);
  }

  /** `file:line:column code: message`, of one config. */
  async function problems(text: string): Promise<string[]> {
    write('a.tune.yaml', text);
    const found = await check([join(folder, 'a.tune.yaml')], new DiskHost(folder));
    return found.map(({ file, line, column, code, message }) =>
      `${relative(folder, file)}:${line}:${column} ${code}: ${message}`.replaceAll(`${folder}/`, ''),
    );
  }

  const dataset = `dataset: intents
files: { train: data/train.csv, test: data/test.csv }
format: classification
columns: { text: text, label: intent }
`;
  const run = `---
run: full
model: { base: ${JSON.stringify(MODEL)}, ignore_mismatched_sizes: true }
data: { train: intents.train, eval: intents.test, max_length: 16 }
train: { per_device_train_batch_size: 2 }
`;

  it('finds nothing wrong with what is right', async () => {
    assert.deepEqual(await problems(dataset + run), []);
  });

  it('finds that the head of the base is for other labels than the data have, and none where it knows them', async () => {
    const text = dataset + run.replace(', ignore_mismatched_sizes: true', '');
    const [found, ...others] = await problems(text);
    assert.deepEqual(others, []);
    assert.match(
      found ?? '',
      /^a\.tune\.yaml:7:16 model\/shape-mismatch: classifier\.weight is \[5, .* asks for \[3, .*`ignore_mismatched_sizes: true`/,
    );
    const own = ROWS.map((row, i) => (i === 0 ? row : row.replace(/,[^,]*$/, i % 2 ? ',echo' : ',bravo')));
    for (const split of ['train', 'test']) write(`data/${split}.csv`, own.join('\n'));
    assert.deepEqual(
      (await problems(text)).filter((each) => !each.includes('tune/shared-rows')),
      [],
    );
  });

  it('finds rows that are trained on and evaluated on, in different files', async () => {
    write('data/test.csv', ROWS.slice(0, 3).join('\n'));
    assert.deepEqual(await problems(dataset + run), [
      'a.tune.yaml:8:37 tune/shared-rows: 2 of 2 rows (100.0 %) of `intents.test` stand in `intents.train` too (the first is test.csv:2), so metrics will look too good. Remove them from one of the two.',
    ]);
  });

  it('finds rows that max_length cuts, and the length that cuts none', async () => {
    const [found, ...others] = await problems(dataset + run.replace('max_length: 16', 'max_length: 3'));
    assert.deepEqual(others, []);
    const [, longest] =
      /^a\.tune\.yaml:8:63 tune\/cut-rows: `max_length: 3` cuts off the end of .* Set it to (\d+) to cut none/.exec(
        found ?? '',
      ) ?? [];
    assert.ok(longest !== undefined, found);
    assert.deepEqual(await problems(dataset + run.replace('max_length: 16', `max_length: ${longest}`)), []);
    const shorter = `max_length: ${Number(longest) - 1}`;
    assert.equal((await problems(dataset + run.replace('max_length: 16', shorter))).length, 1);
  });

  it('finds a misspelt field, a wrong type, a missing column, a label count and a broken line: five problems', async () => {
    const found = await problems(`dataset: intents
files: { train: data/train.csv, test: data/test.csv }
format: classification
columns: { text: txt, label: intent }
---
run: full
model:
  base: ${JSON.stringify(MODEL)}
  num_labels: 4
data: { train: intents.train, eval: intents.test, max_length: 16 }
train:
  learning_rat: 1.0e-3
  per_device_train_batch_size: "two"
  weight_decay 0.01
`);
    assert.deepEqual(found, [
      'a.tune.yaml:4:18 tune/missing-column: `data/train.csv` and `data/test.csv` have no column `txt` for the text; there is `text` and `intent`. Did you mean `text`?',
      'a.tune.yaml:9:15 tune/label-count: `num_labels` is 4, but `intents.train` has 3 different labels (`copy`, `paste` and `undo`). Set `num_labels: 3`, or correct the data.',
      'a.tune.yaml:12:3 tune/unknown-field: `learning_rat` is not a field of `train`. Did you mean `learning_rate`?',
      'a.tune.yaml:13:32 tune/wrong-type: `per_device_train_batch_size` takes a whole number from 1, not the text "two".',
      'a.tune.yaml:14:3 tune/syntax: A colon is missing after `weight_decay`: every line of a map is `field: value`.',
    ]);
  });

  it('finds a file that is not there', async () => {
    rmSync(join(folder, 'data/test.csv'));
    assert.deepEqual(await problems(dataset), [
      'a.tune.yaml:2:39 tune/missing-file: There is no file `data/test.csv`. Correct the path; it is relative to this file.',
    ]);
  });

  it('finds data without rows', async () => {
    write('data/train.csv', 'text,intent\n');
    write('data/test.csv', '');
    assert.deepEqual(await problems(dataset + run), [
      'data/test.csv:1:1 data/empty: data/test.csv has no rows. Point `files:` at a file with rows.',
      'data/train.csv:1:1 data/empty: data/train.csv has a header (text and intent) but no rows. Point `files:` at a file with rows.',
    ]);
  });

  it('finds rows that are not whole, at their lines', async () => {
    write('data/train.csv', [...ROWS, ',copy', 'paste more,', 'one,two,three'].join('\n'));
    assert.deepEqual(await problems(dataset), [
      'data/train.csv:6:1 data/empty-text: Line 6 of data/train.csv has no text in the column "text". Fill in the text, or delete the row.',
      'data/train.csv:7:1 data/empty-label: Line 7 of data/train.csv has no label in the column "intent". Fill in the label, or delete the row.',
      'data/train.csv:8:1 data/bad-row: Line 8 of data/train.csv has 3 fields, but the header names 2 (text and intent). Put quotes around a field that holds a comma.',
    ]);
  });

  it('finds a label that is not in the list, at its line', async () => {
    const [first] = await problems(`${dataset}labels: [copy, paste, Undo]\n`);
    assert.match(
      first ?? '',
      /^data\/test\.csv:4:1 data\/unknown-label: .+ has the label "undo".+ Write it as "Undo"\.$/,
    );
  });

  it('finds bytes that are no text, at their column', async () => {
    write(
      'data/train.csv',
      Buffer.from([...Buffer.from('text,intent\ncaf'), 0xe9, ...Buffer.from(',copy\n')]),
    );
    const [first, ...others] = await problems(dataset);
    assert.match(first ?? '', /^data\/train\.csv:2:4 data\/not-utf8: /);
    assert.deepEqual(others, []);
  });

  it('finds a model folder that is none, one without tokenizer, and weights that are cut off beside a tokenizer without a model', async () => {
    mkdirSync(join(folder, 'empty'));
    mkdirSync(join(folder, 'cut'));
    write('cut/config.json', '{"model_type": "bert"}');
    write('cut/tokenizer.json', '{}');
    write('cut/model.safetensors', Buffer.alloc(5));
    const on = (base: string) => problems(dataset + run.replace(JSON.stringify(MODEL), base));
    const codes = (found: string[]) => found.map((each) => /^(\S+) (\S+):/.exec(each)?.slice(1).join(' '));
    assert.deepEqual(codes(await on('empty')), ['a.tune.yaml:7:16 tune/missing-model']);
    assert.deepEqual(codes(await on('cut')), [
      'a.tune.yaml:7:16 safetensors/truncated',
      'a.tune.yaml:7:16 tokenizer/corrupt',
    ]);
    assert.deepEqual(codes(await on('nowhere')), ['a.tune.yaml:7:16 tune/missing-model']);
  });
});
