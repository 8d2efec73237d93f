/**
 * How many tokens a second Tunebook generates on the CPU; the peer is python/bench_generate.py.
 *
 *   node bench/generate-child.mjs MODEL BATCH PROMPT NEW THREADS
 */
import { inspectCausalModel, loadDecoder } from '../src/trainer/generate/causal-model.ts';
import { generate } from '../src/trainer/generate/generate.ts';
import { GENERATION_DEFAULTS } from '../src/trainer/generate/settings.ts';

const [folder = '', ...numbers] = process.argv.slice(2);
const [batch = 1, prompt = 64, length = 64, threads = 2] = numbers.map(Number);
const model = await inspectCausalModel(folder);
const decoder = await loadDecoder(model, { slots: batch, capacity: prompt + length, threads });
const prompts = Array.from({ length: batch }, (_, row) => {
  return {
    row,
    ids: Array.from({ length: prompt }, (_, place) => ((row * 7919 + place * 104729) % 500) + 3),
  };
});
const settings = { ...GENERATION_DEFAULTS, max_new_tokens: length, eos_token_id: [] };
const times = [];
let tokens = 0;
for (let run = 0; run < 4; run++) {
  const started = performance.now();
  const answers = await generate(prompts, { decoder, tokenizer: model.tokenizer, settings });
  times.push((performance.now() - started) / 1000);
  tokens = answers?.reduce((sum, { ids }) => sum + ids.length, 0) ?? 0;
}
console.log(JSON.stringify({ tokens, seconds: Math.min(...times.slice(1)) }));
process.exit(0);
