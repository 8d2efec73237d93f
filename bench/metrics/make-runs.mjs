import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

const BATCH = 20_000;

/**
 * Makes run directories whose process lives (this one), with a loss that falls and is noisy, one value a step.
 *
 * @param {string} workspace
 * @param {number} runs
 * @param {number} steps of each
 * @returns {Promise<string[]>} the run directories
 */
export async function makeRuns(workspace, runs, steps) {
  const { newRun } = await import('../../src/runs/testing/fixtures.ts');
  const { RunWriter } = await import('../../src/runs/writer.ts');
  return Array.from({ length: runs }, (_, run) => {
    const dir = newRun(workspace, { name: `run-${run + 1}` });
    const writer = new RunWriter(dir);
    writer.event({ type: 'state', state: 'preparing' });
    writer.event({ type: 'state', state: 'running' });
    for (let from = 0; from < steps; from += BATCH)
      appendSteps(dir, run, from, Math.min(BATCH, steps - from));
    return dir;
  });
}

/**
 * Appends the numbers of `count` steps after step `from`, as the trainer writes them.
 *
 * @param {string} dir
 * @param {number} run
 * @param {number} from
 * @param {number} count
 */
export function appendSteps(dir, run, from, count) {
  const begin = Date.UTC(2026, 0, 1);
  let lines = '';
  for (let step = from + 1; step <= from + count; step++) {
    const time = new Date(begin + step * 10).toISOString();
    lines += `{"seq":${step + 2},"time":"${time}","type":"metrics","split":"train","step":${step},"epoch":${step / 100_000},"values":{"loss":${lossAt(run, step)}}}\n`;
  }
  appendFileSync(join(dir, 'events.jsonl'), lines);
}

/**
 * A loss that falls and is noisy, the same every time.
 *
 * @param {number} run
 * @param {number} step
 */
export function lossAt(run, step) {
  const noise = (Math.imul(step * 10 + run, 0x9e3779b1) >>> 0) / 2 ** 32;
  return 3 / (1 + step / 20_000) + 0.3 * noise + 0.05 * run;
}
