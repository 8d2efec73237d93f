/**
 * How long Tunebook takes to choose among labels by their likelihood; the peer is python/bench_choose.py.
 *
 *   node bench/choose-child.mjs MODEL ROWS PROMPT LABELS LENGTH THREADS
 */
import { inspectCausalModel, loadDecoder } from '../src/trainer/generate/causal-model.ts';
import { ContinuationScorer } from '../src/trainer/generate/score-choices.ts';

const [folder = '', ...numbers] = process.argv.slice(2);
const [rows = 4, prompt = 128, labels = 20, length = 4, threads = 2] = numbers.map(Number);
const model = await inspectCausalModel(folder);
const decoder = await loadDecoder(model, { slots: labels, capacity: prompt + length, threads });
/** The same tokens as in python/bench_choose.py. */
const token = (row, place) => ((row * 7919 + place * 104729) % 500) + 3;
const choices = Array.from({ length: labels }, (_, label) =>
  Array.from({ length }, (_, place) => token(label + 1000, place)),
);
const times = [];
let sums = [];
for (let run = 0; run < 3; run++) {
  const scorer = new ContinuationScorer(decoder);
  const started = performance.now();
  sums = [];
  for (let row = 0; row < rows; row++) {
    const context = Array.from({ length: prompt }, (_, place) => token(row, place));
    sums.push(...(await scorer.scoreAll(context, choices)).map(({ sum }) => sum));
  }
  times.push((performance.now() - started) / 1000);
}
console.log(JSON.stringify({ rows, seconds: Math.min(...times.slice(1)), sums }));
process.exit(0);
