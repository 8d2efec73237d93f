import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { RUN_FILES } from '../../protocol/run.ts';
import type { MetricsUpdate } from '../../protocol/webview.ts';
import { newRun, temporaryFolder } from '../../runs/testing/fixtures.ts';
import { RunWriter } from '../../runs/writer.ts';
import { MetricsFeed, type Locate } from './feed.ts';

const NOWHERE: Locate = () => ({ searching: false });
const VIEW = { smoothing: 0, buckets: 100 };

describe('panels: feed', () => {
  const workspace = temporaryFolder();

  function begin(locate: Locate = NOWHERE) {
    const dir = newRun(workspace.path);
    const id = basename(dir);
    const writer = new RunWriter(dir);
    const feed = new MetricsFeed(locate);
    feed.setRuns([{ id, dir }]);
    feed.setView(VIEW);
    const step = (number: number, values: Record<string, number>) =>
      writer.event({ type: 'metrics', split: 'train', step: number, epoch: 0, values });
    return { dir, id, writer, feed, step };
  }

  function look(feed: MetricsFeed): MetricsUpdate | undefined {
    while (feed.read(5));
    return feed.takeUpdate();
  }

  it('sends what changed since the last time, and nothing when nothing did', () => {
    const { feed, step, writer } = begin();
    step(1, { loss: 3, grad_norm: 1 });
    assert.deepEqual(
      look(feed)?.series?.map(({ metric }) => metric),
      ['loss', 'grad_norm'],
    );
    assert.equal(look(feed), undefined);
    step(2, { loss: 2 });
    const update = look(feed);
    assert.deepEqual(
      update?.series?.map(({ metric, points }) => [metric, [...points.y]]),
      [['loss', [3, 2]]],
    );
    assert.equal(update?.runs?.[0]?.summary?.step, 2);
    writer.event({ type: 'warning', code: 'a', message: 'Careful.' });
    assert.deepEqual(Object.keys(look(feed) ?? {}), ['runs']);
    writer.close();
  });

  it('sends everything again to a page that is new', () => {
    const { feed, step, writer } = begin();
    step(1, { loss: 3 });
    look(feed);
    feed.resend();
    const again = look(feed);
    assert.deepEqual([again?.runs?.length, again?.series?.length, again?.loading], [1, 1, false]);
    writer.close();
  });

  it('smooths what was measured in training: neither evaluations nor the learning rate', () => {
    const { feed, step, writer } = begin();
    step(1, { loss: 3, learning_rate: 1 });
    writer.event({ type: 'metrics', split: 'eval', step: 1, epoch: 0, values: { eval_loss: 2 } });
    feed.setView({ ...VIEW, smoothing: 0.5 });
    assert.deepEqual(
      look(feed)?.series?.map(({ metric, smoothed }) => [metric, smoothed !== undefined]),
      [
        ['loss', true],
        ['learning_rate', false],
        ['eval_loss', false],
      ],
    );
    feed.setView({ ...VIEW, smoothing: 0.6 });
    assert.deepEqual(
      look(feed)?.series?.map(({ metric }) => metric),
      ['loss'],
    );
    writer.close();
  });

  it('sends the page of the table that is open, as it changes', () => {
    const { feed, step, writer, id } = begin();
    step(1, { loss: 3 });
    assert.equal(look(feed)?.table, undefined);
    feed.setView({ ...VIEW, table: { runId: id, page: 0 } });
    assert.equal(look(feed)?.table?.rowCount, 1);
    step(2, { loss: 2 });
    assert.equal(look(feed)?.table?.rowCount, 2);
    writer.close();
  });

  it('sends an evaluation once', () => {
    const { feed, writer } = begin();
    const result = { type: 'result', data: 'd', candidates: {}, pairs: [], verdict: 'v' } as const;
    writer.event({ type: 'evaluation', name: 'e', result: { ...result, pairs: [] } });
    assert.deepEqual(
      look(feed)?.evaluations?.map(({ name }) => name),
      ['e'],
    );
    writer.event({ type: 'state', state: 'finished' });
    assert.equal(look(feed)?.evaluations, undefined);
    writer.close();
  });

  it('forgets what it said of a file that was replaced', () => {
    const { feed, step, writer, dir, id } = begin();
    step(1, { loss: 3 });
    step(2, { loss: 2 });
    look(feed);
    writer.close();
    const event = {
      seq: 1,
      time: '2026-01-01T00:00:00.000Z',
      type: 'metrics',
      split: 'train',
      step: 1,
      epoch: 0,
    };
    writeFileSync(join(dir, RUN_FILES.events), `${JSON.stringify({ ...event, values: { loss: 9 } })}\n`);
    const update = look(feed);
    assert.deepEqual(update?.cleared, [id]);
    assert.deepEqual(
      update?.series?.map(({ points }) => [...points.y]),
      [[9]],
    );
  });

  it('says of a run whose folder goes away where it was, and is done with it', () => {
    const { feed, writer, dir } = begin();
    look(feed);
    assert.equal(feed.live, true);
    writer.close();
    rmSync(dir, { recursive: true });
    const [run] = look(feed)?.runs ?? [];
    assert.equal(run?.summary, undefined);
    assert.ok(run?.absent?.includes(dir));
    assert.equal(feed.live, false);
  });

  it('waits for a run that is still being looked for', () => {
    const { writer, dir, id } = begin();
    let found = false;
    const feed = new MetricsFeed(() => (found ? { dir, searching: false } : { searching: true }));
    feed.setRuns([{ id }]);
    assert.equal(look(feed)?.runs?.[0]?.absent, 'Looking for this run.');
    assert.equal(feed.live, true);
    found = true;
    assert.equal(look(feed)?.runs?.[0]?.summary?.id, id);
    const lost = new MetricsFeed(NOWHERE);
    lost.setRuns([{ id }]);
    assert.match(look(lost)?.runs?.[0]?.absent ?? '', /not open/);
    assert.equal(lost.live, false);
    writer.close();
  });

  it('reads a long run in pieces, and says that it is not through', () => {
    const { feed, step, writer } = begin();
    for (let i = 1; i <= 8000; i++) step(i, { loss: i });
    assert.equal(feed.read(0), true);
    const first = feed.takeUpdate();
    assert.equal(first?.loading, true);
    const count = first?.series?.[0]?.facts.count ?? 0;
    assert.ok(count > 0 && count < 8000);
    const last = look(feed);
    assert.deepEqual([last?.loading, last?.series?.[0]?.facts.count], [false, 8000]);
    writer.close();
  });

  it('clears a run that is taken off, and sends it whole when it comes back', () => {
    const { feed, step, writer, id, dir } = begin();
    step(1, { loss: 3 });
    look(feed);
    feed.setRuns([]);
    assert.deepEqual(look(feed)?.cleared, [id]);
    feed.setRuns([{ id, dir }]);
    assert.equal(look(feed)?.series?.length, 1);
    assert.deepEqual(feed.names, ['intents-lora']);
    writer.close();
  });
});
