/** A process that evaluates until it is done: `node evaluate-child.ts RUN_DIRECTORY RESOLVED_EVALUATE.json`. */
import { readFileSync } from 'node:fs';
import type { ResolvedEvaluate } from '../../../src/language/resolved.ts';
import { StopRequest } from '../../../src/runs/stop.ts';
import { RunWriter } from '../../../src/runs/writer.ts';
import { carryOutEvaluation } from '../../../src/trainer/evaluate/carry-out-evaluation.ts';

const [dir = '', config = ''] = process.argv.slice(2);
// SAFETY: the test wrote a ResolvedEvaluate there.
const evaluation = JSON.parse(readFileSync(config, 'utf8')) as ResolvedEvaluate;
const writer = new RunWriter(dir);
const device = { device: 'cpu', description: 'CPU', reason: 'the test asks for it', threads: 1 };
const { state } = await carryOutEvaluation({ evaluation, writer, stop: new StopRequest(), device });
writer.event({ type: 'state', state });
writer.close();
