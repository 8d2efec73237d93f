import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EvaluationRecord } from '../../../src/protocol/evaluation.ts';
import { RUN_FILES } from '../../../src/protocol/run.ts';
import { summarise } from '../../../src/trainer/evaluate/summarise.ts';
import { RecordLog } from '../../../src/trainer/evaluate/record-log.ts';
import { beginRun, finish, type RecordedRun } from './record-run.ts';

const LABELS = ['close_file', 'go_to_line', 'open_file', 'save_file'];
const SENTENCES = [
  'please open the file with the tests in it',
  'save everything before you go',
  'take me to line forty',
  'close this tab, and do not ask',
  'show the café menu — naïvely ✓',
];

export interface EvaluationOptions {
  rows?: number;
  /** How often each candidate is right. */
  candidates?: Record<string, number>;
  /** Changes a record before it is written. */
  change?: (record: EvaluationRecord) => EvaluationRecord;
  /** Leaves it without a result, as one that goes on. */
  unfinished?: boolean;
}

/** Writes the directory of an evaluation as the trainer does: candidates, records candidate by candidate, result. */
export function recordEvaluation(workspace: string, options: EvaluationOptions = {}): RecordedRun {
  const {
    rows = 40,
    candidates = { base: 0.4, prompted: 0.6, tuned: 0.9 },
    change = (record) => record,
  } = options;
  const run = beginRun(workspace, { name: 'is-it-worth-it', kind: 'evaluate' });
  const names = Object.keys(candidates);
  writeFileSync(
    join(run.dir, RUN_FILES.candidates),
    JSON.stringify({
      data: 'intents.test',
      examples: rows,
      labels: LABELS,
      candidates: Object.fromEntries(
        names.map((name) => [name, { folder: join(workspace, name), maxLength: 64, files: [] }]),
      ),
    }),
  );
  const references = Int32Array.from({ length: rows }, (_, i) => (i * 3) % LABELS.length);
  const predictions = names.map((name, c) =>
    references.map((truth, i) =>
      draw(c, i) < (candidates[name] ?? 0) ? truth : (truth + 1 + ((i + c) % 3)) % LABELS.length,
    ),
  );
  const log = new RecordLog(join(run.dir, RUN_FILES.records));
  names.forEach((name, c) => {
    log.append(
      Array.from(references, (truth, i) => {
        const output = LABELS[predictions[c]?.[i] ?? 0] ?? '';
        return change({
          index: i,
          source: `data/test.csv:${i + 2}`,
          input: `${SENTENCES[i % SENTENCES.length]} (${i})`,
          reference: LABELS[truth] ?? '',
          outputs: {
            [name]: {
              output,
              correct: output === LABELS[truth],
              score: 0.3 + 0.69 * draw(c + 9, i),
              latency: 2 + c + draw(c + 20, i),
            },
          },
        });
      }),
    );
  });
  log.close();
  if (options.unfinished) return run;
  const sources = Object.fromEntries(names.map((name) => [name, { folder: join(workspace, name) }]));
  const result = {
    ...summarise({
      data: 'intents.test',
      labels: LABELS,
      references,
      candidates: names.map((name, c) => ({
        name,
        predictions: predictions[c] ?? references,
        latencies: Float64Array.from(references, (_, i) => 2 + c + draw(c + 20, i)),
      })),
      metrics: ['accuracy', 'macro_f1', 'latency'],
      seed: 42,
    }),
    sources,
  };
  writeFileSync(join(run.dir, RUN_FILES.result), JSON.stringify(result));
  run.writer.event({ type: 'evaluation', name: 'is-it-worth-it', result });
  finish(run);
  return run;
}

/** From 0 to below 1; the same on every machine. */
function draw(stream: number, at: number): number {
  const bits = Math.imul(Math.imul(at + 1, 0x9e3779b1) ^ Math.imul(stream + 1, 0x85ebca6b), 0xc2b2ae35) >>> 0;
  return (Math.imul(bits ^ (bits >>> 15), 0x27d4eb2f) >>> 0) / 2 ** 32;
}
