/**
 * Draws runs at random (model, method, data, training arguments), has Trainer, TRL and PEFT carry them out, then Tunebook, and
 * compares losses, gradient norms, learning rates, evaluations and checkpoints.
 *
 *   npm run parity:random [-- COUNT [SEED]]      100 runs of seed 1, some three minutes
 *
 * What differs stays in artifacts/random-runs/N.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { compareRandomRun } from './parity/random-runs.mjs';
import { ensurePython, startPython } from './python.mjs';
import { fail, root, run } from './setup/run.mjs';

const [count = 100, seed = 1] = process.argv.slice(2).map(Number);
if (!Number.isSafeInteger(count) || count < 1 || !Number.isSafeInteger(seed))
  fail('npm run parity:random -- COUNT SEED takes two whole numbers, for example 100 1.');

run(process.execPath, ['esbuild.mjs', '--only', 'tunebook'], 'The build failed.');
const folder = join(root, 'artifacts/random-runs');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
process.env.TUNEBOOK_RUNTIME_DIR = join(folder, 'runtime');

ensurePython();
const started = performance.now();
const peer = startPython(['random_runs.py', '--seed', String(seed), '--count', String(count), folder]);
let errors = '';
peer.stderr.setEncoding('utf8').on('data', (chunk) => (errors += chunk));
const ended = new Promise((resolve) => peer.once('close', resolve));
const totals = { equal: 0, different: 0, refused: 0 };
let [done, worst, text] = [0, 0, ''];
for await (const chunk of peer.stdout.setEncoding('utf8')) {
  text += chunk;
  const lines = text.split('\n');
  text = lines.pop();
  for (const number of lines) compareOne(number);
}
if ((await ended) !== 0) fail(`python/random_runs.py failed:\n${errors}`);

console.log(
  `${totals.equal} of ${count} runs of seed ${seed} are Trainer's, to ${worst.toExponential(1)}; ${totals.different} differ. ${totals.refused} the peers refused.`,
);
process.exitCode = totals.different > 0 || totals.equal === 0 ? 1 : 0;

function compareOne(number) {
  const { what, refused, deviation, problems } = compareRandomRun(join(folder, number));
  done++;
  if (refused) {
    totals.refused++;
    console.log(`- ${number} ${what}: ${refused}`);
  } else if (problems.length > 0) {
    totals.different++;
    console.log(`✘ ${number} ${what}: ${problems.join('; ')}`);
  } else {
    totals.equal++;
    worst = Math.max(worst, deviation);
    rmSync(join(folder, number), { recursive: true });
  }
  const seconds = (performance.now() - started) / 1000;
  process.stderr.write(
    `\r${done} of ${count}, ${Math.round((seconds / done) * (count - done))} s left ${process.stderr.isTTY ? '' : '\n'}`,
  );
}
