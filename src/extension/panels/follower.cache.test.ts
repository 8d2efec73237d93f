import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { RUN_FILES } from '../../protocol/run.ts';
import { BLOCK } from '../../runs/columns/block-store.ts';
import { cacheFolder } from '../../runs/columns/cache-file.ts';
import { newRun, temporaryFolder } from '../../runs/testing/fixtures.ts';
import { Follower } from './follower.ts';

const STEPS = 2 * BLOCK + 500;
const TIME = '2026-01-01T00:00:00.000Z';

function lines(from: number, to: number, seq = from): string {
  let text = '';
  for (let step = from; step < to; step++) {
    const loss = step % 5000 === 0 ? '"NaN"' : String(2 + Math.sin(step));
    text += `{"seq":${seq++},"time":"${TIME}","type":"metrics","split":"train","step":${step},"epoch":${step / 777},"values":{"loss":${loss},"learning_rate":0.1}}\n`;
  }
  return text;
}

describe('panels: the cache of a run', () => {
  const workspace = temporaryFolder();

  function begin(): string {
    const dir = newRun(workspace.path);
    appendFileSync(join(dir, RUN_FILES.events), lines(1, STEPS));
    open(dir).close();
    assert.deepEqual(readdirSync(cacheFolder(dir)).length, 2, 'an index and a file of blocks');
    return dir;
  }

  /** Another digit behind a text, as far from both ends as can be, in the same file. */
  function edit(path: string, text: string): void {
    const bytes = readFileSync(path);
    const at = bytes.indexOf(text, bytes.length / 2) + text.length;
    bytes[at] = bytes[at] === 57 ? 48 : 57;
    writeFileSync(path, bytes);
  }

  function open(dir: string): Follower {
    const follower = new Follower(dir);
    readAll(follower);
    return follower;
  }

  function readAll(follower: Follower): void {
    do follower.read(Infinity);
    while (follower.more);
  }

  /** Everything that can be seen of it. */
  function look({ history, summary }: Follower) {
    const range: [number, number] = [3000, 9500];
    const views = [
      { smoothing: 0, buckets: 50 },
      { smoothing: 0.9, buckets: 20, range },
    ];
    return {
      series: [...history.metrics].map(({ metric, series }) => [
        metric,
        series.facts([]),
        ...views.map((view) => series.draw(view)),
      ]),
      page: history.page('id', 99),
      place: history.axes.place('epoch', 9999),
      notices: history.notices,
      stretches: [history.stretches.best, history.stretches.last],
      summary,
    };
  }

  /** What a follower shows that has no cache. */
  function lookWithout(dir: string) {
    rmSync(cacheFolder(dir), { recursive: true, force: true });
    return look(open(dir));
  }

  it('gives what the events give, without reading them again', () => {
    const dir = begin();
    const cached = new Follower(dir);
    cached.read(0);
    assert.equal(cached.more, false, 'One piece was enough.');
    assert.deepEqual(look(cached), lookWithout(dir));
  });

  it('goes on with what came since, a resume that takes steps back included', () => {
    const dir = begin();
    appendFileSync(
      join(dir, RUN_FILES.events),
      `{"seq":${STEPS},"time":"${TIME}","type":"state","state":"preparing"}\n${lines(7000, 9000, STEPS + 1)}`,
    );
    const seen = look(open(dir));
    assert.equal(seen.page.rowCount, 8999);
    assert.deepEqual(seen, lookWithout(dir));
  });

  it('is made anew when the events are others, even of the same length', () => {
    const dir = begin();
    const path = join(dir, RUN_FILES.events);
    edit(path, '"loss":2.');
    const seen = look(open(dir));
    assert.deepEqual(seen, lookWithout(dir));
  });

  for (const isEdited of [true, false])
    it(`is ${isEdited ? 'made anew' : 'kept'} when the run went on${isEdited ? ' and its middle was edited' : ''}`, () => {
      const dir = begin();
      const path = join(dir, RUN_FILES.events);
      if (isEdited) edit(path, '"loss":2.');
      appendFileSync(path, lines(STEPS, STEPS + 100));
      const follower = open(dir);
      assert.equal(follower.takeReset(), isEdited);
      assert.equal(follower.history.page('id', 0).rowCount, STEPS + 99);
      follower.close();
      assert.deepEqual(look(open(dir)), lookWithout(dir));
    });

  it('that was not looked at to its end is not taken for looked at the next time', () => {
    const dir = begin();
    const path = join(dir, RUN_FILES.events);
    edit(path, '"loss":2.');
    appendFileSync(path, lines(STEPS, 2 * STEPS));
    const hasty = new Follower(dir);
    for (let piece = 0; piece < 6; piece++) hasty.read(0);
    assert.equal(hasty.more, true);
    hasty.close();
    assert.deepEqual(look(open(dir)), lookWithout(dir));
  });

  for (const [what, harm] of [
    ['a torn index', (dir: string) => truncateSync(join(dir, 'index.bin'), 1000)],
    [
      'an index of a newer version',
      (dir: string) => writeFileSync(join(dir, 'index.bin'), Buffer.alloc(5000, 77)),
    ],
    ['no blocks', removeBlocks],
  ] as const)
    it(`with ${what} is made anew`, () => {
      const dir = begin();
      harm(cacheFolder(dir));
      const follower = open(dir);
      try {
        look(follower);
      } catch {
        follower.restart();
        readAll(follower);
      }
      assert.deepEqual(look(follower), lookWithout(dir));
      assert.deepEqual(look(open(dir)), look(follower));
    });

  it('that is deleted while it is in use is remade by whoever follows', () => {
    const dir = begin();
    const follower = open(dir);
    removeBlocks(cacheFolder(dir));
    appendFileSync(join(dir, RUN_FILES.events), lines(100, 101, STEPS));
    readAll(follower);
    assert.equal(follower.takeReset(), true);
    assert.equal(follower.history.page('id', 0).rowCount, 100);
  });

  it('holds no blocks that nobody needs', () => {
    const dir = begin();
    writeFileSync(join(cacheFolder(dir), '999999-dead.blocks'), 'left by a process that was killed');
    rmSync(join(cacheFolder(dir), 'index.bin'));
    open(dir).close();
    assert.deepEqual(readdirSync(cacheFolder(dir)).length, 2);
  });

  it('is not made of a few events', () => {
    const dir = newRun(workspace.path);
    appendFileSync(join(dir, RUN_FILES.events), lines(1, 100));
    open(dir).close();
    assert.equal(existsSync(cacheFolder(dir)), false);
  });
});

function removeBlocks(folder: string): void {
  for (const name of readdirSync(folder)) if (name.endsWith('.blocks')) rmSync(join(folder, name));
}
