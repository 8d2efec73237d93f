import assert from 'node:assert/strict';
import { dataConfigs, matchPaths } from './data-configs.ts';

const found = (...request: Parameters<typeof dataConfigs>) =>
  dataConfigs(...request).map(({ name, isDefault, splits }) => [name, isDefault, Object.fromEntries(splits)]);

describe('the configurations of a data set of the Hub', () => {
  const files = [
    'de/test-00000-of-00001.parquet',
    'de/train-00000-of-00002.parquet',
    'de/train-00001-of-00002.parquet',
    'en/train-00000-of-00001.parquet',
  ];

  it('are those that README.md lists', () => {
    const readme = `---
license: mit
configs:
- config_name: de
  default: true
  data_files:
  - split: train
    path: de/train-*
  - split: test
    path: [de/test-*]
- config_name: en
  data_dir: en
---
# Text with --- in it
`;
    assert.deepEqual(found(readme, files), [
      ['de', true, { train: files.slice(1, 3), test: files.slice(0, 1) }],
      ['en', false, { train: files.slice(3) }],
    ]);
  });

  it('may be written as a list of patterns, or as one', () => {
    const readme = (value: string) => `---\nconfigs:\n- config_name: default\n  data_files: ${value}\n---\n`;
    assert.deepEqual(found(readme('"**/*.csv"'), ['a.csv', 'b/c.csv', 'd.txt']), [
      ['default', true, { train: ['a.csv', 'b/c.csv'] }],
    ]);
    assert.deepEqual(found(readme('[a.csv, d.txt]'), ['a.csv', 'b/c.csv', 'd.txt']), [
      ['default', true, { train: ['a.csv', 'd.txt'] }],
    ]);
  });

  it('are one whose splits the names tell, where nothing is listed', () => {
    assert.deepEqual(found(undefined, ['data/dev.jsonl', 'data/my_train.jsonl', 'test/a.jsonl']), [
      [
        'default',
        true,
        { train: ['data/my_train.jsonl'], validation: ['data/dev.jsonl'], test: ['test/a.jsonl'] },
      ],
    ]);
    assert.deepEqual(found('# no head', ['rows.csv', 'constrain.csv']), [
      ['default', true, { train: ['rows.csv', 'constrain.csv'] }],
    ]);
    assert.deepEqual(found('---\n: [\n---\n', []), [['default', true, {}]]);
  });

  it('are folders on the branch of conversions', () => {
    const converted = ['plain/train/0000.parquet', 'plain/train/0001.parquet', 'plain/test/0000.parquet'];
    assert.deepEqual(found('---\nconfigs: []\n---', converted, true), [
      ['plain', true, { train: converted.slice(0, 2), test: converted.slice(2) }],
    ]);
  });

  it('take patterns with stars over names and folders', () => {
    assert.deepEqual(matchPaths('**/train-*', files), files.slice(1));
    assert.deepEqual(matchPaths('*/t*-00000*', files), [files[0], files[1], files[3]]);
    assert.deepEqual(matchPaths('*.parquet', files), []);
  });
});
