import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { ResolvedEvaluate } from '../../src/language/resolved.ts';
import type { EvaluationResult } from '../../src/protocol/evaluation.ts';
import { readRun } from '../../src/runs/read.ts';
import { newRun, ownRuntimeFolder, temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { readRecords } from '../../src/trainer/evaluate/record-log.ts';
import { changedModel, evaluateInFolder, recordsOf, resolvedEvaluate } from './support/evaluate-in-folder.ts';
import { fixtureFolder } from './support/fixture.ts';

const CLASSIFIER = fixtureFolder('bert-classifier');
const CHILD = join(import.meta.dirname, 'support/evaluate-child.ts');

/** A result without what differs from one measurement to the next: the time that things took. */
function withoutTime(result: EvaluationResult | undefined): unknown {
  assert.ok(result, 'there is a result');
  const candidates = Object.entries(result.candidates).map(([name, { accuracy }]) => [name, accuracy]);
  return { ...result, candidates };
}

describe('an interrupted evaluation', () => {
  const workspace = temporaryFolder();
  ownRuntimeFolder();
  let evaluation: ResolvedEvaluate;
  let undisturbed: unknown;

  /** Forty times the fixture's rows: enough batches to be interrupted in. */
  before(async () => {
    const [header, ...rows] = readFileSync(join(CLASSIFIER, 'train.csv'), 'utf8').trim().split('\n');
    const file = join(workspace.path, 'rows.csv');
    writeFileSync(file, [header, ...Array.from({ length: 40 }, () => rows).flat()].join('\n'));
    evaluation = resolvedEvaluate(workspace.path, {
      candidates: { tuned: { model: CLASSIFIER }, base: { model: fixtureFolder('bert-mlm') } },
      file,
      // The intervals of macro-F1 take longer than all the answers, and come from them alone.
      metrics: ['accuracy', 'latency'],
    });
    undisturbed = withoutTime((await evaluateInFolder(workspace.path, evaluation)).outcome.result);
  });

  it('stops between two batches when asked, keeps its answers, and goes on to the same result', async () => {
    // One look before the model is loaded, and one before each batch: ten batches of 32.
    const stopped = await evaluateInFolder(workspace.path, evaluation, { stopAtLook: 12 });
    assert.deepEqual(stopped.outcome, { state: 'stopped' });
    assert.equal(stopped.records.length, 320);
    assert.ok(!existsSync(join(stopped.dir, 'result.json')));
    const bytes = readFileSync(join(stopped.dir, 'records.jsonl'));

    const { outcome } = await evaluateInFolder(workspace.path, evaluation, { dir: stopped.dir });
    assert.deepEqual(withoutTime(outcome.result), undisturbed);
    const after = readFileSync(join(stopped.dir, 'records.jsonl'));
    assert.ok(after.subarray(0, bytes.length).equals(bytes), 'what was written stays as it was');
    assert.equal(readRecords(after).records.length, 2 * 3040, 'nothing is answered twice');
  });

  it('stops while it prepares, with nothing computed', async () => {
    const stopped = await evaluateInFolder(workspace.path, evaluation, {
      stopAt: (event) => event.type === 'state' && event.state === 'preparing',
    });
    assert.deepEqual(stopped.outcome, { state: 'stopped' });
    assert.deepEqual(stopped.records, []);
  });

  it('loses the torn line of a crash, and nothing else', async () => {
    const { dir } = await evaluateInFolder(workspace.path, evaluation);
    const records = join(dir, 'records.jsonl');
    // In the middle of a line, in the middle of the second candidate.
    const bytes = readFileSync(records);
    const end = Math.floor(bytes.length * 0.7);
    truncateSync(records, bytes[end - 1] === 0x0a ? end - 1 : end);
    const whole = readRecords(readFileSync(records));
    assert.ok(whole.bytes < statSync(records).size && whole.records.length > 3040);
    const { outcome } = await evaluateInFolder(workspace.path, evaluation, { dir });
    assert.deepEqual(withoutTime(outcome.result), undisturbed);
    assert.equal(readRecords(readFileSync(records)).records.length, 2 * 3040);
  });

  it('goes on behind bytes that are no record at all', async () => {
    const { dir } = await evaluateInFolder(workspace.path, evaluation);
    const records = join(dir, 'records.jsonl');
    truncateSync(records, 100_000);
    appendFileSync(
      records,
      Buffer.concat([Buffer.from('\n'), Buffer.alloc(500), Buffer.from('\n{"index":1}\n')]),
    );
    const { outcome } = await evaluateInFolder(workspace.path, evaluation, { dir });
    assert.deepEqual(withoutTime(outcome.result), undisturbed);
  });

  it('survives kill -9 at any moment, again and again', async function () {
    this.timeout(300_000);
    const dir = newRun(workspace.path, { kind: 'evaluate', name: evaluation.name });
    const config = join(workspace.path, 'evaluation.json');
    writeFileSync(config, JSON.stringify(evaluation));
    const records = join(dir, 'records.jsonl');
    const size = () => (existsSync(records) ? statSync(records).size : 0);
    for (let life = 0; life < 3; life++) {
      const before = size();
      const child = spawn(process.execPath, [CHILD, dir, config], { stdio: 'inherit' });
      const ended = once(child, 'exit');
      while (size() <= before && child.exitCode === null) await setTimeout(2);
      await setTimeout(5 * life);
      child.kill('SIGKILL');
      await ended;
      if (readRun(dir).state === 'finished') break;
      assert.equal(readRun(dir).state, 'lost');
      assert.ok(recordsOf(dir).length > 0);
    }
    const { outcome } = await evaluateInFolder(workspace.path, evaluation, { dir });
    assert.deepEqual(withoutTime(outcome.result), undisturbed);
    assert.equal(readRecords(readFileSync(records)).records.length, 2 * 3040);
  });

  it('does not mix what was measured with what has changed since', async () => {
    const file = join(workspace.path, 'few.csv');
    const write = (...rows: string[]) => writeFileSync(file, ['text,label', ...rows].join('\n'));
    const model = changedModel(CLASSIFIER, join(workspace.path, 'changing'), {});
    write('lo tu,alpha', 'pe lo,bravo');
    const few = resolvedEvaluate(workspace.path, { candidates: { tuned: { model } }, file });
    const { dir } = await evaluateInFolder(workspace.path, few);
    const again = (asked = few) => evaluateInFolder(workspace.path, asked, { dir });
    const rejects = (promise: Promise<unknown>, message: RegExp) =>
      assert.rejects(promise, { code: 'evaluate/changed', message, hint: /Start a new evaluation/ });

    write('lo tu,alpha', 'pe lo,bravo', 'tu tu,echo');
    await rejects(again(), /was rows\.test with 2 examples, and is now rows\.test with 3/);
    write('lo tu,alpha', 'pe pe,bravo');
    await rejects(again(), /the example 1 in .*records\.jsonl is another one now/);
    write('lo tu,alpha', 'pe lo,bravo');
    await rejects(
      again(resolvedEvaluate(workspace.path, { candidates: { other: { model } }, file })),
      /its candidates were tuned, and are now other/,
    );
    changedModel(CLASSIFIER, model, { config: (fields) => ({ ...fields, hidden_act: 'relu' }) });
    await rejects(again(), /the files of its candidate "tuned" are others now/);
    writeFileSync(join(dir, 'candidates.json'), '{');
    await rejects(again(), /candidates\.json is damaged/);
  });
});
