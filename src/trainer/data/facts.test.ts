import assert from 'node:assert/strict';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import type { InspectDataParams } from '../../protocol/inspect.ts';
import { temporaryFolder } from '../../runs/testing/fixtures.ts';
import { dataFacts, type FactsOptions } from './facts.ts';

describe('dataFacts', () => {
  const folder = temporaryFolder();
  function facts(
    content: string | Buffer,
    params: Partial<InspectDataParams> = {},
    options: FactsOptions = {},
  ) {
    const file = join(folder.path, 'a.csv');
    writeFileSync(file, content);
    return dataFacts({ files: [file], columns: {}, format: 'classification', ...params }, options);
  }
  const problems = (found: Awaited<ReturnType<typeof dataFacts>>) =>
    found.problems.map(({ code, line }) => [code, line]);

  it('counts rows and labels, and shows the first rows', async () => {
    const found = await facts('text,label\nba,x\nbe,y\nbi,x\nbo,x\n');
    assert.deepEqual(found, {
      rows: 4,
      columns: ['text', 'label'],
      examples: [
        { text: 'ba', label: 'x' },
        { text: 'be', label: 'y' },
        { text: 'bi', label: 'x' },
      ],
      labels: { x: 3, y: 1 },
      problems: [],
    });
  });

  it('tells every mistake at its line and reads on behind it', async () => {
    const found = await facts('text,label\nba,x\n,y\nbi,\nbo,z\n', { labels: ['x', 'y'] });
    assert.deepEqual(problems(found), [
      ['data/empty-text', 3],
      ['data/empty-label', 4],
      ['data/unknown-label', 5],
    ]);
    assert.equal(found.rows, 4);
    assert.ok(found.problems.every(({ hint }) => hint));
  });

  it('tells a label that is neither text nor number apart from one that is missing', async () => {
    const file = join(folder.path, 'a.jsonl');
    writeFileSync(
      file,
      '{"text":"ba","label":true}\n{"text":"be","label":null}\n{"text":"bi","label":["x"]}\n',
    );
    const found = await dataFacts({ files: [file], columns: {}, format: 'classification' });
    assert.deepEqual(problems(found), [
      ['data/bad-labels', 1],
      ['data/empty-label', 2],
      ['data/bad-labels', 3],
    ]);
  });

  it('tells a missing column once, with the columns there are', async () => {
    const found = await facts('Text,label\nba,x\nbe,y\n');
    assert.deepEqual(problems(found), [['data/missing-column', 1]]);
    assert.match(found.problems[0]!.hint ?? '', /columns: \{ text: Text \}/);
    assert.deepEqual(found.labels, { x: 1, y: 1 });
  });

  it('calls a file without rows empty, and a missing file missing', async () => {
    assert.deepEqual(problems(await facts('text,label\n')), [['data/empty', 1]]);
    const missing = await dataFacts({ files: [join(folder.path, 'none.csv')], columns: {}, format: 'text' });
    assert.match(missing.problems[0]!.code, /^file\//);
  });

  it('counts no labels for a format that has none', async () => {
    const found = await facts('text\nba\n', { format: 'text' });
    assert.deepEqual([found.rows, found.labels], [1, undefined]);
  });

  it('stops after so many bytes and says so', async () => {
    const found = await facts(
      `text,label\n${'ba be bi bo bu,x\n'.repeat(50_000)}`,
      {},
      { maxBytes: 100_000 },
    );
    assert.ok(found.rows < 50_000 && found.rows > 0);
    assert.ok(found.partial && found.partial.readBytes < found.partial.totalBytes);
  });

  it('collects no more problems than it may', async () => {
    const found = await facts(`text,label\n${',x\n'.repeat(80)}`, {}, { maxProblems: 5 });
    assert.equal(found.problems.length, 5);
  });

  it('shortens what it shows', async () => {
    const found = await facts(`text,label\n${'a'.repeat(2000)},x\n`);
    assert.equal(found.examples[0]!['text']!.length, 501);
  });

  it('looks into conversations and lists of words', async () => {
    const lines = async (format: string, rows: object[], more: Partial<InspectDataParams> = {}) => {
      const file = join(folder.path, 'a.jsonl');
      writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
      return problems(await dataFacts({ files: [file], columns: {}, format, ...more }));
    };
    const message = { role: 'user', content: 'hi' };
    assert.deepEqual(
      await lines('chat', [
        { messages: [message] },
        { messages: [] },
        { messages: 'hi' },
        { messages: [{}] },
      ]),
      [
        ['data/bad-messages', 2],
        ['data/bad-messages', 3],
        ['data/bad-messages', 4],
      ],
    );
    assert.deepEqual(
      await lines('sharegpt', [
        { conversations: [{ from: 'human', value: 'a' }] },
        { conversations: [{ from: 'x' }] },
      ]),
      [['data/bad-messages', 2]],
    );
    assert.deepEqual(
      await lines('alpaca', [
        { instruction: 'a', output: 'b' },
        { instruction: '', output: 'b' },
      ]),
      [['data/empty-text', 2]],
    );
    const words = [
      { tokens: ['a'], ner_tags: ['O'] },
      { tokens: ['a', 'b'], ner_tags: ['O'] },
      { tokens: 'a', ner_tags: [] },
    ];
    assert.deepEqual(await lines('tokens', words), [
      ['data/unequal-lists', 2],
      ['data/not-list', 3],
    ]);
    assert.deepEqual(await lines('tokens', words.slice(0, 1), { labels: ['B-x'] }), [
      ['data/unknown-label', 1],
    ]);
  });
});
