/**
 * Kills a real training process at random moments and resumes it, and compares the end with that of an undisturbed run:
 *
 *   npm run kill -- 100        so many kills; another seed with a second number
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killRounds } from '../test/trainer/support/kill-rounds.ts';

const [rounds = 100, seed = 1] = process.argv.slice(2).map(Number);
if (!Number.isInteger(rounds) || rounds < 1 || !Number.isInteger(seed)) {
  process.stderr.write('Usage: npm run kill -- [KILLS [SEED]]\n');
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'tunebook-kill-'));
process.env['TUNEBOOK_RUNTIME_DIR'] = join(folder, 'runtime');
const started = performance.now();
try {
  const report = await killRounds(folder, {
    rounds,
    seed,
    onKill: ({ kills, insideCheckpoints, finished }) =>
      process.stdout.write(
        `${kills}/${rounds} kills, ${insideCheckpoints} inside a checkpoint, ${finished} runs finished\n`,
      ),
  });
  const seconds = Math.round((performance.now() - started) / 1000);
  process.stdout.write(
    `${report.kills} kills (${report.insideCheckpoints} inside a checkpoint, ${report.beforeSteps} before a step) in ${report.finished} runs, ` +
      `${seconds} s: every weight, moment and event is that of an undisturbed run.\n`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
