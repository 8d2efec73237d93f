/** A process that goes on with a run until it is done: `node train-child.ts RUN_DIRECTORY RESOLVED_RUN.json`. */
import { readFileSync } from 'node:fs';
import type { ResolvedRun } from '../../../src/language/resolved.ts';
import { StopRequest } from '../../../src/runs/stop.ts';
import { RunWriter } from '../../../src/runs/writer.ts';
import { train } from '../../../src/trainer/loop/train.ts';

const [dir = '', config = ''] = process.argv.slice(2);
// SAFETY: the test wrote a ResolvedRun there.
const run = JSON.parse(readFileSync(config, 'utf8')) as ResolvedRun;
const writer = new RunWriter(dir);
const { state } = await train({ run, writer, stop: new StopRequest(), resume: true });
writer.event({ type: 'state', state });
writer.close();
