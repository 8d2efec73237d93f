import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { RunEvent } from '../../../src/protocol/events.ts';
import { readEvents } from '../../../src/runs/events.ts';
import { readRun } from '../../../src/runs/read.ts';
import { newRun } from '../../../src/runs/testing/fixtures.ts';
import { listCheckpoints, readCheckpoint } from '../../../src/trainer/checkpoint/checkpoint.ts';
import { prepareRun } from '../../../src/trainer/loop/prepare.ts';
import { Random } from '../../../src/trainer/random.ts';
import { dropoutBase } from './dropout-base.ts';
import { fixtureFolder } from './fixture.ts';
import { resolvedRun } from './resolved-run.ts';
import { assertSameBits } from './same-bits.ts';
import { metrics, trainInFolder } from './train-in-folder.ts';

const CHILD = join(import.meta.dirname, 'train-child.ts');
/** Milliseconds that a life lasts at most from its first new step. */
const WORK = 350;
const STEPS = 120;

/** How a life ends: while it starts, while it steps, or while it writes a checkpoint. */
const ENDS = ['start', 'steps', 'checkpoint'] as const;

/** When a life is to end. */
interface End {
  how: (typeof ENDS)[number];
  random: Random;
  /** What a life took from its birth to its first new step, of those that were let come so far: as few milliseconds as a fast machine takes at first. */
  start: { milliseconds: number };
}

/** What happened in so many rounds. */
export interface KillReport {
  kills: number;
  /** Kills that left an unfinished checkpoint behind. */
  insideCheckpoints: number;
  /** Kills before the first new step of a life. */
  beforeSteps: number;
  /** Runs that came to their end; each was the same as an undisturbed one. */
  finished: number;
}

/**
 * Kills a real training process at random moments (while it starts, while it steps, while it writes a checkpoint), looks at what is
 * left, and goes on, until it has been killed so many times, while it started and inside of a checkpoint too, and the last run has ended.
 * @throws AssertionError when a weight, a moment or an event differs from those of an undisturbed run
 */
export async function killRounds(
  workspace: string,
  { rounds, seed, onKill }: { rounds: number; seed: number; onKill?: (report: KillReport) => void },
): Promise<KillReport> {
  const data = fixtureFolder('bert-classifier');
  const run = resolvedRun({
    base: dropoutBase(join(workspace, 'base'), fixtureFolder('bert-classifier')),
    train: join(data, 'train.csv'),
    eval: join(data, 'test.csv'),
    numLabels: 5,
    arguments: {
      max_steps: STEPS,
      save_steps: 2,
      save_total_limit: 2,
      eval_strategy: 'steps',
      eval_steps: 6,
      learning_rate: 1e-3,
      // What the machine does is another each time.
      log_system_metrics: false,
    },
  });
  const config = join(workspace, 'run.json');
  writeFileSync(config, JSON.stringify(run));
  const { trained } = await prepareRun(run, {
    device: 'cpu',
    signal: new AbortController().signal,
    onProgress: () => undefined,
    onWarning: () => undefined,
  });
  const undisturbed = await trainInFolder(workspace, run);
  const random = new Random(seed);
  const report: KillReport = { kills: 0, insideCheckpoints: 0, beforeSteps: 0, finished: 0 };
  const start = { milliseconds: 100 };
  for (let dir = newRun(workspace); ;) {
    const how = report.kills < rounds ? ENDS[random.below(ENDS.length)] : notMet(report);
    const left = how !== undefined;
    const killed = await liveAndDie(dir, config, how && { how, random, start });
    if (!killed) {
      assertUndisturbed(dir, undisturbed.dir);
      report.finished++;
      if (!left) return report;
      dir = newRun(workspace);
      continue;
    }
    report.kills++;
    if (killed.unfinished) report.insideCheckpoints++;
    if (!killed.stepped) report.beforeSteps++;
    assert.equal(readRun(dir).state, 'lost');
    const { events, problems } = readEvents(dir);
    assert.deepEqual(problems, []);
    assertNoneDoubled(events);
    for (const step of listCheckpoints(dir))
      assert.equal(
        readCheckpoint(join(dir, `checkpoint-${step}`), trained, 'adamw').trainerState.global_step,
        step,
      );
    onKill?.(report);
  }
}

/** An end that no life has had by now: a machine may be too fast or too slow for the moments that chance chose. */
function notMet({ insideCheckpoints, beforeSteps }: KillReport): End['how'] | undefined {
  if (insideCheckpoints === 0) return 'checkpoint';
  return beforeSteps === 0 ? 'start' : undefined;
}

/** One life. Undefined when it came to its end; without `end` it always does. */
async function liveAndDie(
  dir: string,
  config: string,
  end: End | undefined,
): Promise<{ unfinished: boolean; stepped: boolean } | undefined> {
  const before = lastStep(dir);
  const child = spawn(process.execPath, [CHILD, dir, config], { stdio: ['ignore', 'inherit', 'inherit'] });
  const ended = once(child, 'exit');
  if (end) {
    const { how, random, start } = end;
    const born = performance.now();
    const startLimit = how === 'start' ? random.below(Math.ceil(start.milliseconds)) : Infinity;
    const workLimit = how === 'steps' ? random.below(WORK) : Infinity;
    let first = Infinity;
    const isTime = () => {
      const now = performance.now();
      if (how === 'start') return now - born > startLimit;
      if (first === Infinity && lastStep(dir) > before) {
        first = now;
        start.milliseconds = now - born;
      }
      if (how === 'steps') return now - first > workLimit;
      return first < Infinity && readdirSync(dir).some((name) => name.endsWith('.new'));
    };
    while (child.exitCode === null && !isTime()) await setImmediate();
    if (child.exitCode === null) child.kill('SIGKILL');
  }
  // SAFETY: 'exit' gives the code, or null, and the signal, or null.
  const [code, signal] = (await ended) as [number | null, string | null];
  if (signal === null) {
    assert.equal(code, 0, 'the trainer failed');
    return undefined;
  }
  const unfinished = readdirSync(dir).some((name) => /^\.checkpoint-\d+\.(new|old)$/.test(name));
  return { unfinished, stepped: lastStep(dir) > before };
}

/** The last step that the run told of. */
function lastStep(dir: string): number {
  return Math.max(0, ...metrics(readEvents(dir).events, 'train').map(({ step }) => step));
}

function assertNoneDoubled(events: readonly RunEvent[]): void {
  const trained = metrics(events, 'train').map(({ step }) => step);
  assert.deepEqual(
    trained,
    trained.map((_, i) => i + 1),
    'a step is lost or doubled',
  );
  assert.deepEqual(
    events.map(({ seq }) => seq),
    events.map((_, i) => i + 1),
  );
}

function assertUndisturbed(dir: string, undisturbed: string): void {
  assert.equal(readRun(dir).state, 'finished');
  const [mine, theirs] = [readEvents(dir).events, readEvents(undisturbed).events];
  assertNoneDoubled(mine);
  for (const split of ['train', 'eval'] as const)
    assert.deepEqual(numbers(mine, split), numbers(theirs, split));
  const saved = (events: RunEvent[]) =>
    events.flatMap((event) => (event.type === 'checkpoint' ? event.step : []));
  assert.deepEqual(saved(mine), saved(theirs));
  for (const file of ['output/model.safetensors', `checkpoint-${STEPS}/optimizer.safetensors`])
    assertSameBits(join(dir, file), join(undisturbed, file));
  assert.deepEqual(
    readdirSync(dir).filter((name) => name.startsWith('.')),
    [],
    'something half-written is left',
  );
}

/** The numbers that depend on nothing but the run. */
function numbers(events: readonly RunEvent[], split: 'train' | 'eval') {
  return metrics(events, split).map(({ step, epoch, values }) => ({
    step,
    epoch,
    values: Object.fromEntries(Object.entries(values).filter(([name]) => !/runtime|per_second/.test(name))),
  }));
}
