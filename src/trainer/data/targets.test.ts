import assert from 'node:assert/strict';
import { temporaryFolder } from '../../runs/testing/fixtures.ts';
import type { DataReference } from '../../language/resolved.ts';
import { tokenizeTargets } from './classification.ts';
import { dataFacts } from './facts.ts';
import { failureOf, splitOf, TINY_TOKENIZER } from './testing/fixtures.ts';
import { loadTokenizer, type Tokenizer } from './tokenizer.ts';

type Dataset = Partial<DataReference['dataset']>;

describe('tokenizeTargets', () => {
  const folder = temporaryFolder();
  let tokenizer: Tokenizer;
  before(async () => {
    tokenizer = await loadTokenizer(TINY_TOKENIZER);
  });
  const reference = (name: string, content: string, more: Dataset) =>
    splitOf(folder.path, { [name]: content }, { format: 'multi-label-classification', ...more });
  const read = (name: string, content: string, more: Dataset = {}, rules: object = {}) =>
    tokenizeTargets(reference(name, content, more), tokenizer, { max_length: 8, ...rules });
  const labelsOf = async (name: string, content: string, more: Dataset = {}, rules: object = {}) => {
    const { targets } = await read(name, content, more, rules);
    const rows = Array.from({ length: targets.values.length / targets.width }, (_, row) =>
      [...targets.values.subarray(row * targets.width, (row + 1) * targets.width)].join(''),
    );
    return [targets.names.join(' '), ...rows].join(' | ');
  };

  it('reads lists, texts with a separator, and none', async () => {
    const lines =
      '{"text":"ba","labels":["b","a"]}\n{"text":"be","labels":[]}\n{"text":"bi","labels":["a","a"]}\n';
    assert.equal(await labelsOf('a.jsonl', lines), 'a b | 11 | 00 | 10');
    const csv = 'text,labels\nba,"b, a"\nbe,\nbi,"[""a""]"\n';
    assert.equal(await labelsOf('a.csv', csv), 'a b | 11 | 00 | 10');
    const numbers = 'text\tlabels\nba\t10|9\nbe\t2\n';
    assert.equal(await labelsOf('a.tsv', numbers, { label_separator: '|' }), '2 9 10 | 011 | 100');
  });

  it('reads a column for each label, in their order', async () => {
    const csv = 'text,toxic,insult\nba,1,0\nbe,0.0,1.0\nbi,false,True\n';
    const more = { label_columns: ['toxic', 'insult'] };
    assert.equal(await labelsOf('a.csv', csv, more), 'toxic insult | 10 | 01 | 01');
    const rules = { labels: ['insult', 'toxic', 'threat'] };
    assert.equal(await labelsOf('a.csv', csv, more, rules), 'insult toxic threat | 010 | 100 | 100');
  });

  it('takes numbers for the places of listed labels', async () => {
    const rules = { labels: ['joy', 'love'] };
    assert.equal(await labelsOf('a.csv', 'text,labels\nba,"0,1"\n', {}, rules), 'joy love | 11');
  });

  it('tells what is wrong with labels, and where', async () => {
    const of = (content: string, more: Dataset = {}, rules: object = {}) =>
      failureOf(read('a.csv', content, more, rules));
    const python = await of("text,labels\nba,\"['a', 'b']\"\n");
    assert.equal(python.code, 'data/bad-labels');
    assert.match(python.message, /^Line 2 of .*a\.csv has "\['a', 'b'\]" in the column "labels"/);
    assert.match(python.hint ?? '', /as Python prints it/);
    const unknown = await of('text,labels\nba,a\nbe,"a,c"\n', {}, { labels: ['a', 'b'] });
    assert.deepEqual([unknown.code, unknown.location?.line], ['data/unknown-label', 3]);
    const columns = { label_columns: ['x', 'y'] };
    const two = await of('text,x,y\nba,1,2\n', columns);
    assert.match(two.message, /has "2" in the column "y", which is neither 0 nor 1/);
    const empty = await of('text,x,y\nba,1,\n', columns);
    assert.match(empty.message, /has nothing in the column "y"/);
    assert.equal((await of('text,x\nba,1\n', columns)).code, 'data/missing-column');
    assert.equal(
      (await of('text,x,y\nba,1,1\n', columns, { labels: ['x', 'z'] })).code,
      'data/unknown-label',
    );
    assert.equal((await of('text,labels\nba,a\n', {}, { num_labels: 3 })).code, 'data/label-count');
  });

  it('reads numbers, and tells what is none', async () => {
    const regression = { format: 'regression' } as const;
    const { targets } = await read('a.csv', 'text,label\nba, 2.5\nbe,-1e-3\n', regression);
    assert.deepEqual([...targets.values], [2.5, Math.fround(-0.001)]);
    assert.deepEqual([targets.width, targets.names], [1, []]);
    for (const [value, message] of [
      ['high', /has "high" in the column "label", which is no number/],
      ['', /has no number in the column "label"/],
      ['NaN', /which is no number/],
      ['1e99', /which is no number that can be trained on/],
    ] as const) {
      const error = await failureOf(read('a.csv', `text,label\nba,1\nbe,${value}\n`, regression));
      assert.deepEqual([error.code, error.location?.line], ['data/no-number', 3]);
      assert.match(error.message, message);
    }
    const comma = await failureOf(read('a.csv', 'text,label\nba,"2,5"\n', regression));
    assert.match(comma.hint ?? '', /behind a point/);
  });

  it('gives a checker every bad row, and how often each label stands there', async () => {
    const { dataset } = reference('a.csv', 'text,x,y\nba,1,0\nbe,1,7\nbi,1,-1\n', {});
    const params = {
      files: dataset.files['train'] ?? [],
      format: dataset.format,
      columns: { text: 'text' },
      label_columns: ['x', 'y'],
    };
    const facts = await dataFacts(params);
    assert.deepEqual(facts.labels, { x: 1, y: 0 });
    assert.deepEqual(
      facts.problems.map(({ code, line }) => [code, line]),
      [
        ['data/bad-labels', 3],
        ['data/bad-labels', 4],
      ],
    );
    const numbers = await dataFacts({
      ...params,
      format: 'regression',
      columns: { text: 'text', label: 'y' },
    });
    assert.equal(numbers.labels, undefined);
    assert.deepEqual(numbers.problems, []);
  });
});
