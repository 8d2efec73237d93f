import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RUN_FILES } from '../../src/protocol/run.ts';
import { readRecords } from '../../src/trainer/evaluate/record-log.ts';
import type { Ended } from './support/tunebook.ts';
import { eventsOf, manyRows, statesOf, summaryOf, workspace } from './support/workspace.ts';

const ROWS = 2_000;
/** Clocks go so much faster that the progress of every batch is told. */
const EVERY_BATCH = 10_000;

describe('two processes at once', () => {
  const space = workspace();

  /** A run that was killed behind its first checkpoint. */
  async function killedRun(): Promise<string> {
    space.at.config({ train: { max_steps: 300, save_strategy: 'steps', save_steps: 10 } });
    const run = space.at.startHeld(/"step":13\b/, ['run', 'intents.tune.yaml', '--json']);
    await run.line((line) => line.type === 'metrics' && 'step' in line && line.step === 13);
    run.kill('SIGKILL');
    await run.ended();
    return space.at.onlyRun();
  }

  /** Three processes that go on with the same run at once. Whichever gets it is held in the middle until the others have ended. */
  async function resumeAtOnce(name: string, words: RegExp): Promise<Ended[]> {
    const options = { clock: EVERY_BATCH };
    const all = [1, 2, 3].map(() => space.at.startHeld(words, ['resume', name, '--json'], options));
    const ended: Ended[] = [];
    await new Promise<void>((resolve) => {
      for (const each of all)
        void each.ended().then((how) => {
          if (ended.push(how) === all.length - 1) resolve();
        });
    });
    return await Promise.all(all.map((each) => each.goOn()));
  }

  function assertWhole(dir: string): void {
    const seqs = eventsOf(dir).map(({ seq }) => seq);
    assert.deepEqual(
      seqs,
      seqs.map((_, i) => i + 1),
    );
    const steps = eventsOf(dir).flatMap((event) =>
      event.type === 'metrics' && event.split === 'train' ? [event.step] : [],
    );
    assert.deepEqual(
      steps,
      Array.from(steps, (_, i) => i + 1),
    );
  }

  it('that go on with the same run: one does, the other says so, and no event is lost or doubled', async () => {
    const dir = await killedRun();
    const both = await resumeAtOnce('tiny', /"type":"metrics"/);
    const done = both.filter(({ code }) => code === 0);
    const refused = both.filter(({ code }) => code === 1);
    assert.deepEqual([done.length, refused.length], [1, 2], both.map(({ stderr }) => stderr).join('\n'));
    for (const { stderr } of refused) assert.match(stderr, /\[run\/already-running\]\n {2}next: /);
    assert.equal(summaryOf(dir).state, 'finished');
    assertWhole(dir);
  });

  it('that start the same config: each gets a run of its own, and they train one after the other', async () => {
    space.at.config({ train: { max_steps: 60 } });
    const both = await Promise.all([1, 2].map(() => space.at.run('run', 'intents.tune.yaml')));
    assert.deepEqual(
      both.map(({ code }) => code),
      [0, 0],
      both.map(({ stderr }) => stderr).join('\n'),
    );
    const dirs = space.at.runs();
    assert.equal(dirs.length, 2);
    const spans = dirs.map((dir) => {
      assert.equal(statesOf(dir).at(-1), 'finished');
      assertWhole(dir);
      const at = (state: string) =>
        eventsOf(dir).find((event) => event.type === 'state' && event.state === state)?.time ?? '';
      return { from: at('running'), to: at('finished') };
    });
    const [first, second] = spans.sort((a, b) => (a.from < b.from ? -1 : 1));
    assert.ok(first && second && first.to <= second.from, JSON.stringify(spans));
  });

  /** An evaluation of two candidates over so many rows that two processes meet in the middle of it. */
  function configEvaluation(): void {
    space.at.config({ dataset: { files: { train: 'data/train.csv', test: 'data/many.csv' } } }, [
      {
        evaluate: 'worth-it',
        data: 'rows.test',
        candidates: { base: { model: 'model' }, same: { model: 'model' } },
        metrics: ['accuracy'],
      },
    ]);
    space.at.write('data/many.csv', manyRows(ROWS));
  }

  /** Every answer is there, once, and there is one result. */
  function assertEvaluated(dir: string): void {
    assert.equal(summaryOf(dir).state, 'finished');
    const seqs = eventsOf(dir).map(({ seq }) => seq);
    assert.deepEqual(
      seqs,
      seqs.map((_, i) => i + 1),
    );
    assert.equal(eventsOf(dir).filter(({ type }) => type === 'evaluation').length, 1);
    const { records } = readRecords(readFileSync(join(dir, RUN_FILES.records)));
    const answered = records.flatMap(({ index, outputs }) =>
      Object.keys(outputs).map((name) => `${name} ${index}`),
    );
    assert.equal(answered.length, 2 * ROWS);
    assert.equal(new Set(answered).size, 2 * ROWS);
  }

  it('that evaluate the same document: each gets a run of its own, whole, with the same result', async () => {
    configEvaluation();
    const both = await Promise.all([1, 2].map(() => space.at.run('evaluate', 'intents.tune.yaml', '--json')));
    assert.deepEqual(
      both.map(({ code }) => code),
      [0, 0],
      both.map(({ stderr }) => stderr).join('\n'),
    );
    const dirs = space.at.runs();
    assert.equal(dirs.length, 2);
    for (const dir of dirs) assertEvaluated(dir);
    const [first, second] = dirs.map((dir) => readFileSync(join(dir, RUN_FILES.result), 'utf8'));
    assert.equal(first, second);
  });

  it('that go on with the same evaluation: one does, the other says so, and no answer is lost or doubled', async () => {
    configEvaluation();
    const command = ['evaluate', 'intents.tune.yaml', '--json'];
    const evaluation = space.at.startHeld(/"phase":"evaluate","done":[1-9]/, command, { clock: EVERY_BATCH });
    await evaluation.line((line) => line.type === 'progress' && 'done' in line && Number(line.done) > 0);
    evaluation.kill('SIGKILL');
    await evaluation.ended();
    const dir = space.at.onlyRun();
    assert.equal(summaryOf(dir).state, 'lost');
    const kept = readRecords(readFileSync(join(dir, RUN_FILES.records))).records.length;
    assert.ok(kept > 0 && kept < 2 * ROWS, String(kept));
    const both = await resumeAtOnce('worth-it', /"phase":"evaluate","done":[1-9]/);
    const codes = both.map(({ code }) => code).sort();
    assert.deepEqual(codes, [0, 1, 1], both.map(({ stderr }) => stderr).join('\n'));
    for (const { stderr } of both.filter(({ code }) => code === 1))
      assert.match(stderr, /\[run\/already-running\]\n {2}next: /);
    assertEvaluated(dir);
  });

  it('of which one is another program that has the pid of a killed run now: it is left alone', async () => {
    const dir = await killedRun();
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    try {
      await once(other, 'spawn');
      const path = join(dir, RUN_FILES.process);
      // SAFETY: the trainer wrote an object there.
      const known = JSON.parse(readFileSync(path, 'utf8')) as object;
      writeFileSync(path, JSON.stringify({ ...known, pid: other.pid }));
      assert.equal(summaryOf(dir).state, 'lost');
      await space.at.run('stop', 'tiny');
      await space.at.run('stop', 'tiny', '--force');
      assert.deepEqual([other.exitCode, other.signalCode], [null, null], 'The other program lives.');
      assert.equal((await space.at.run('resume', 'tiny')).code, 0);
      assert.deepEqual([other.exitCode, other.signalCode], [null, null]);
      assertWhole(dir);
    } finally {
      other.kill();
    }
  });
});
