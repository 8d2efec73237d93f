import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from './numbers.mjs';

const ROUNDS = Number(process.env.TUNEBOOK_BENCH_ROUNDS ?? 5);
const STEPS = 1500;

/**
 * Steps of a tiny model, which logs every one of them, with and without somebody who watches: the same run in turns, alone and with
 * a process beside it that reads it as an open metrics panel and the Runs view do. So small a step is the worst case.
 *
 * @param {string} name
 * @param {(message: string) => void} progress
 */
export async function watched(name, progress) {
  const { resolvedRun } = await import('../test/trainer/support/resolved-run.ts');
  const { fixtureFolder } = await import('../test/trainer/support/fixture.ts');
  const { newRun } = await import('../src/runs/testing/fixtures.ts');
  const folder = mkdtempSync(join(tmpdir(), 'tunebook-bench-watched-'));
  process.env.TUNEBOOK_RUNTIME_DIR = join(folder, 'runtime');
  const base = fixtureFolder('bert-classifier');
  const run = resolvedRun({
    base,
    train: join(base, 'train.csv'),
    numLabels: 5,
    arguments: { max_steps: STEPS, logging_steps: 1, save_strategy: 'no' },
    threads: 1,
  });
  const config = join(folder, 'run.json');
  writeFileSync(config, JSON.stringify(run));
  try {
    const times = { alone: [], watched: [] };
    for (let round = 0; round < ROUNDS; round++)
      for (const kind of round % 2 ? ['watched', 'alone'] : ['alone', 'watched']) {
        progress(`${name}: ${kind}, round ${round + 1} of ${ROUNDS}`);
        times[kind].push(await stepTime(newRun(folder), config, kind === 'watched'));
      }
    return [
      {
        name: `${name}, a step`,
        unit: 'ms',
        ours: median(times.watched),
        peer: median(times.alone),
        peerName: 'nobody watching',
        target: 1.02,
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Milliseconds of a step, the mean over the run. */
async function stepTime(dir, config, isWatched) {
  const { readEvents } = await import('../src/runs/events.ts');
  const watcher =
    isWatched && spawn(process.execPath, [script('metrics/watch.mjs'), dir], { stdio: 'ignore' });
  const child = script('../test/trainer/support/train-child.ts');
  const trainer = spawn(process.execPath, [child, dir, config], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(trainer, 'exit');
  if (watcher) {
    watcher.kill();
    await once(watcher, 'exit');
  }
  if (code !== 0) throw new Error(`The training ended with ${code}.`);
  const moments = readEvents(dir, { maxBytes: 2 ** 30 })
    .events.filter(({ type, split }) => type === 'metrics' && split === 'train')
    .map(({ time }) => Date.parse(time));
  if (moments.length < STEPS) throw new Error(`Only ${moments.length} steps were logged.`);
  // Without the first hundred: what is compiled while it runs comes to rest.
  return (moments[moments.length - 1] - moments[100]) / (moments.length - 101);
}

function script(path) {
  return fileURLToPath(new URL(path, import.meta.url));
}
