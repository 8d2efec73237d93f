import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../../runs/testing/fixtures.ts';
import { check } from '../../../language/check.ts';
import { MemoryHost } from '../../../language/testing/memory-host.ts';
import { completionsOf, preferencesOf, writeDpoConfig } from './preferences.ts';
import { answer, record } from './testing/records.ts';
import { Votes } from './votes.ts';

describe('compare: votes', () => {
  const folder = temporaryFolder();
  let path: string;

  beforeEach(() => {
    path = join(folder.path, `votes-${Math.random()}.jsonl`);
  });

  it('are kept one a line; the newest on a row and pair counts, whatever the sides', () => {
    const votes = new Votes(path);
    votes.add({ index: 1, left: 'a', right: 'b', winner: 'left' });
    votes.add({ index: 2, left: 'a', right: 'b', winner: 'tie' });
    votes.add({ index: 1, left: 'b', right: 'a', winner: 'left' });
    assert.equal(readFileSync(path, 'utf8').split('\n').length, 4);
    for (const seen of [votes, new Votes(path)]) {
      assert.deepEqual(
        seen.all.map(({ index, left }) => [index, left]),
        [
          [2, 'a'],
          [1, 'b'],
        ],
      );
      assert.deepEqual(seen.votedOn('b', 'a').sort(), [1, 2]);
      assert.deepEqual(seen.votedOn('a', 'c'), []);
    }
  });

  it('are taken back one by one by appending, and an edit may be written anew', () => {
    const votes = new Votes(path);
    votes.add({ index: 1, left: 'a', right: 'b', winner: 'left' });
    votes.add({ index: 1, candidate: 'a', output: 'first' });
    votes.add({ index: 1, candidate: 'a', output: 'second' });
    assert.equal(votes.undo()?.index, 1);
    assert.equal(votes.undo(), undefined);
    const again = new Votes(path);
    assert.deepEqual(again.all, []);
    assert.deepEqual([...again.editsOf(1)], [['a', 'second']]);
  });

  it('survive a torn last line, and another damaged line is told with its place', () => {
    new Votes(path).add({ index: 1, left: 'a', right: 'b', winner: 'left' });
    appendFileSync(path, '{"type":"vo');
    const votes = new Votes(path);
    votes.add({ index: 2, left: 'a', right: 'b', winner: 'right' });
    assert.throws(() => new Votes(path), /Line 2 of .* is no vote/);
    writeFileSync(path, '{"type":"vote","index":1}\n');
    assert.throws(() => new Votes(path), /Line 1 of .* is no vote/);
  });
});

describe('compare: preference data', () => {
  const chat = [{ role: 'user', content: 'hello' }];
  const records = [
    record(0, { a: answer('good', true), b: answer('bad', false) }),
    record(1, { a: answer('same', true), b: answer('same', true) }),
    record(2, { a: answer('left', true, { prompt: chat }), b: answer('right', true, { prompt: chat }) }),
  ];
  const vote = (index: number, winner: 'left' | 'right' | 'tie' | 'both-bad') => {
    return { type: 'vote', time: '', index, left: 'b', right: 'a', winner } as const;
  };
  const edit = { type: 'edit', time: '', index: 0, candidate: 'b', output: 'mine' } as const;
  const recordOf = (index: number) => records[index];

  it("has TRL's columns; ties, equal answers and rows that are gone make no pair, and are counted", () => {
    const votes = [
      vote(0, 'right'),
      vote(1, 'left'),
      vote(2, 'left'),
      vote(0, 'tie'),
      vote(9, 'left'),
      vote(2, 'both-bad'),
    ];
    assert.deepEqual(preferencesOf(votes, [edit], recordOf), {
      rows: [
        { prompt: 'input 0', chosen: 'good', rejected: 'bad' },
        {
          prompt: chat,
          chosen: [{ role: 'assistant', content: 'right' }],
          rejected: [{ role: 'assistant', content: 'left' }],
        },
        { prompt: 'input 0', chosen: 'mine', rejected: 'bad' },
      ],
      undecided: 2,
      unusable: 2,
    });
    assert.deepEqual(completionsOf([edit], recordOf), [{ prompt: 'input 0', completion: 'mine' }]);
  });

  it('comes with a config that is right as it stands, and says what the pairs are', async () => {
    const text = writeDpoConfig({
      name: 'is-it-worth-it',
      source: { folder: '/work/.tunebook/runs/x/output', run: '20260101T000000Z-tuned-ab12' },
      preferences: 'is-it-worth-it.jsonl',
      completions: 'is-it-worth-it-edits.jsonl',
      about: '3 pairs.',
    });
    assert.match(text, /base: "run:tuned@20260101T000000Z-tuned-ab12"/);
    const file = '/work/preferences/x.tune.yaml';
    const host = new MemoryHost({
      files: {
        [file]: text,
        '/work/preferences/is-it-worth-it.jsonl': '{}',
        '/work/preferences/is-it-worth-it-edits.jsonl': '{}',
      },
      runs: ['tuned@20260101T000000Z-tuned-ab12', 'tuned'],
    });
    // The edited answers are for a run that the person writes.
    const found = (await check([file], host)).filter(({ severity }) => severity !== 'information');
    assert.deepEqual(found, []);
  });
});
