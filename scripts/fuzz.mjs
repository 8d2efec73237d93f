/**
 * Tries the language on mutated configs and random edits until something breaks or the number is reached.
 *
 *   npm run fuzz -- language                     a million configs, ten thousand edit sequences and a hundred thousand imports (a day on two cores)
 *   npm run fuzz -- language --minutes 3         as many as fit
 *   npm run fuzz -- language --from 5000         seeds from there on
 *   npm run fuzz -- language --config 4711       one config again; `--edits 12` one sequence, `--import 99` one import
 *
 * Every failure says its seed and the text. Exit code 1 when something broke.
 */
import { parseArgs } from 'node:util';
import { fuzzConfig, fuzzEdits } from '../src/language/testing/fuzzing/campaign.ts';
import { fuzzImport, readImportCorpus } from '../src/language/testing/fuzzing/import.ts';

const CONFIGS = 1_000_000;
/** One sequence for so many configs. */
const CONFIGS_A_SEQUENCE = 100;
/** One import of another tool’s config for so many configs. */
const CONFIGS_AN_IMPORT = 10;
const MOST_FAILURES = 10;
/** Formatting takes longer than all else together, and long configs longer than short ones: one in so many. */
const FORMATTED = 20;
const LONG = 10;

const { values, positionals } = parseArgs({
  options: {
    minutes: { type: 'string' },
    from: { type: 'string' },
    config: { type: 'string' },
    edits: { type: 'string' },
    import: { type: 'string' },
  },
  allowPositionals: true,
});
if (positionals.join() !== 'language') {
  console.error('Say what to fuzz: npm run fuzz -- language');
  process.exit(2);
}

let failures = 0;
if (values.config !== undefined) await attempt(() => fuzzConfig(Number(values.config)));
else if (values.edits !== undefined) await attempt(() => fuzzEdits(Number(values.edits)));
else if (values.import !== undefined)
  await attempt(() => fuzzImport(Number(values.import), readImportCorpus()));
else await campaign();
process.exitCode = failures === 0 ? 0 : 1;

async function campaign() {
  const began = performance.now();
  const end = began + 60_000 * Number(values.minutes ?? Infinity);
  const from = Number(values.from ?? 1);
  const corpus = readImportCorpus();
  let [configs, sequences, imports] = [0, 0, 0];
  for (
    let seed = from;
    seed < from + CONFIGS && performance.now() < end && failures < MOST_FAILURES;
    seed++
  ) {
    await attempt(() => fuzzConfig(seed, { formats: seed % FORMATTED === 0, short: seed % LONG !== 0 }));
    configs++;
    if (seed % CONFIGS_A_SEQUENCE === 0) {
      await attempt(() => fuzzEdits(seed));
      sequences++;
    }
    if (seed % CONFIGS_AN_IMPORT === 0) {
      await attempt(() => fuzzImport(seed, corpus));
      imports++;
    }
    if (configs % 1000 === 0)
      console.error(`${configs} configs, ${sequences} edit sequences, ${imports} imports`);
  }
  const minutes = ((performance.now() - began) / 60_000).toFixed(1);
  console.log(
    `${configs} configs, ${sequences} edit sequences and ${imports} imports in ${minutes} min: ${failures} failed.`,
  );
}

async function attempt(work) {
  try {
    await work();
  } catch (error) {
    failures++;
    console.error(`${error instanceof Error ? error.message : error}\n`);
  }
}
