import { readFileSync } from 'node:fs';
import { root } from '../setup/run.mjs';
import { runMocha } from './mocha.mjs';

/** With failures in more files than this, something is broken: a second try would tell nothing. */
const FEW_FILES = 3;

/**
 * Runs one suite. Test files in which something failed are run once more, alone: what fails again has failed. What passes then
 * is named at the end, because it depends on something that it should wait for. A suite that runs no test, ends without its
 * counts or passes its time limit has failed.
 * @param {{ name: string, config: string, limit: number }} suite
 */
export async function runSuite({ name, config, limit }) {
  const settings = JSON.parse(readFileSync(`${root}${config}`, 'utf8'));
  const first = await runMocha({ name, settings, limit });
  if (!first) return { passed: 0, failed: 1, skipped: 0, failures: [], unsteady: [], ok: false };
  const again = Object.keys(first.files).filter((file) => file && first.files[file].failed > 0);
  if (again.length === 0 || again.length > FEW_FILES || first.files['']?.failed) return sum(first.files, []);
  console.log(`\nOnce more, alone: ${again.join(', ')}\n`);
  const second = await runMocha({ name, settings: { ...settings, spec: again }, limit });
  if (!second) return sum(first.files, []);
  const left = new Set(again.flatMap((file) => second.files[file]?.failures ?? []).map(({ title }) => title));
  const unsteady = again
    .flatMap((file) => first.files[file].failures)
    .filter(({ title }) => !left.has(title));
  return sum({ ...first.files, ...second.files }, unsteady);
}

/** The counts of all files of a suite in one. */
function sum(files, unsteady) {
  const all = Object.values(files);
  const total = (key) => all.reduce((so, counts) => so + counts[key], 0);
  const failed = total('failed');
  return {
    passed: total('passed'),
    failed,
    skipped: total('skipped'),
    failures: all.flatMap((counts) => counts.failures),
    unsteady,
    ok: failed === 0,
  };
}
