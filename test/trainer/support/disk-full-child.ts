/**
 * A process that trains in a run directory on a disk that fills up, and prints what came of it:
 * `node disk-full-child.ts RUN_DIRECTORY RESOLVED_RUN.json`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResolvedRun } from '../../../src/language/resolved.ts';
import { TunebookError } from '../../../src/protocol/error.ts';
import { StopRequest } from '../../../src/runs/stop.ts';
import { RunWriter } from '../../../src/runs/writer.ts';
import { listCheckpoints } from '../../../src/trainer/checkpoint/checkpoint.ts';
import { train } from '../../../src/trainer/loop/train.ts';

const [dir = '', config = ''] = process.argv.slice(2);
// SAFETY: the test wrote a ResolvedRun there.
const run = JSON.parse(readFileSync(config, 'utf8')) as ResolvedRun;
const writer = new RunWriter(dir);
const error: unknown = await train({ run, writer, stop: new StopRequest() }).catch(
  (reason: unknown) => reason,
);
if (!(error instanceof TunebookError)) throw new Error(`no error for people: ${String(error)}`);
// What the command line does with an error.
writer.event({
  type: 'error',
  code: error.code,
  message: error.message,
  ...(error.hint ? { hint: error.hint } : {}),
});
writer.event({ type: 'state', state: 'failed' });
writer.close();

const steps = listCheckpoints(dir);
process.stdout.write(
  JSON.stringify({
    code: error.code,
    hint: error.hint !== undefined,
    // Whole files can be read again; a torn one is no JSON.
    checkpoints: steps.map((step) => {
      const state = readFileSync(join(dir, `checkpoint-${step}`, 'trainer_state.json'), 'utf8');
      // SAFETY: a checkpoint of ours.
      return (JSON.parse(state) as { global_step: number }).global_step;
    }),
    leftovers: readdirSync(dir).filter((name) => /\.(tmp|new|old)$/.test(name)),
  }),
);
