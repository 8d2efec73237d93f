/** A process that evaluates until it is done: `node evaluate-child.ts RUN_DIRECTORY RESOLVED_EVALUATE.json`. */
import { readFileSync } from 'node:fs';
import type { ResolvedEvaluate } from '../../../src/language/resolved.ts';
import { StopRequest } from '../../../src/runs/stop.ts';
import { RunWriter } from '../../../src/runs/writer.ts';
import { asClassifierEvaluation } from '../../../src/trainer/evaluate/classifier-evaluation.ts';
import { evaluate } from '../../../src/trainer/evaluate/run-evaluation.ts';

const [dir = '', config = ''] = process.argv.slice(2);
// SAFETY: the test wrote a ResolvedEvaluate there.
const evaluation = asClassifierEvaluation(JSON.parse(readFileSync(config, 'utf8')) as ResolvedEvaluate);
const writer = new RunWriter(dir);
const device = { device: 'cpu', description: 'CPU', reason: 'the test asks for it', threads: 1 };
const { state } = await evaluate({ evaluation, writer, stop: new StopRequest(), device });
writer.event({ type: 'state', state });
writer.close();
