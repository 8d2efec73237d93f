import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CompareFeed } from '../../src/extension/panels/compare/compare-feed.ts';
import { INITIAL_QUERY } from '../../src/extension/panels/compare/compare-state.ts';
import { answer, record, writeRecords } from '../../src/extension/panels/compare/testing/records.ts';
import { writePreferences } from '../../src/extension/panels/compare/write-preferences.ts';
import { parseLines } from './support/tunebook.ts';
import { workspace } from './support/workspace.ts';

const BASE = fileURLToPath(new URL('../../../shared/models/stories260K/hf', import.meta.url));
const THINGS = ['ball', 'dog', 'tree', 'cake', 'boat'];

describe('from votes to a model that has learned from them', () => {
  const space = workspace();

  before(function () {
    if (existsSync(BASE)) return;
    process.stdout.write('    skipped: ../shared/models/stories260K is not there\n');
    this.skip();
  });

  const pair = (name: string, thing: string) => ({
    prompt: `${name} saw a ${thing}. ${name} was`,
    chosen: ' happy and smiled.',
    rejected: ' sad and cried.',
  });

  it('30 votes become pairs and a config, its run learns, and the preferred style gains on other rows', async () => {
    const dir = space.at.path('.tunebook', 'runs', '20260101T000000Z-stories-ab12');
    mkdirSync(dir, { recursive: true });
    const rows = ['Tom', 'Lily', 'Ben', 'Mia', 'Sam', 'Anna'].flatMap((name) =>
      THINGS.map((thing) => pair(name, thing)),
    );
    writeRecords(
      join(dir, 'records.jsonl'),
      rows.map(({ prompt, chosen, rejected }, i) =>
        record(i, { merry: answer(chosen, true), gloomy: answer(rejected, true) }, { input: prompt }),
      ),
    );
    const feed = new CompareFeed(dir, { runId: 'stories', name: 'stories', query: { ...INITIAL_QUERY } });
    while (feed.read(100));
    const nothing = () => assert.fail('A vote needs nothing of the editor.');
    rows.forEach((_, index) => {
      const sides = index % 2 === 0 ? { left: 'merry', right: 'gloomy' } : { left: 'gloomy', right: 'merry' };
      const winner = index % 2 === 0 ? 'left' : 'right';
      feed.receive({ type: 'vote', vote: { index, ...sides, winner } }, nothing);
    });
    const { data, config } = await writePreferences(feed, { folder: BASE });
    feed.dispose();
    const written = readFileSync(data, 'utf8').trimEnd().split('\n');
    assert.deepEqual(
      written.map((line): unknown => JSON.parse(line)),
      rows,
    );

    // A step as large as this shows in 24 steps what takes a real model hours; the rest of the config stays as it is.
    const heldOut = ['Max', 'Sue'].flatMap((name) =>
      THINGS.map((thing) => JSON.stringify(pair(name, thing))),
    );
    writeFileSync(join(config, '../held-out.jsonl'), heldOut.join('\n'));
    const text = readFileSync(config, 'utf8')
      .replace('learning_rate: 1.0e-5', 'learning_rate: 2.0e-3')
      .replace('train: stories-preferences.train,', 'train: stories-preferences.train, eval: held-out.test,');
    writeFileSync(
      config,
      `${text}---\ndataset: held-out\nfiles: { test: held-out.jsonl }\nformat: preference\n`,
    );
    const { code, stdout, stderr } = await space.at.run('run', config, '--json');
    assert.equal(code, 0, stderr);
    const values = parseLines(stdout).flatMap((event) => (event.type === 'metrics' ? [event['values']] : []));
    // SAFETY: metrics events of a run that went well hold numbers.
    const [first, last] = [values[0], values.at(-1)] as Record<string, number>[];
    assert.equal(first?.['rewards/margins'], 0, 'Nothing is preferred at first.');
    assert.ok((last?.['eval_rewards/margins'] ?? 0) > 0.1, JSON.stringify(last));
    assert.equal(last?.['eval_rewards/accuracies'], 1);
  });
});
