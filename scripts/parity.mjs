/**
 * Holds Tunebook against Hugging Face's own code, everything made anew, and prints one table.
 *
 *   npm run parity [-- --write]
 *
 * Makes .venv (python/requirements.txt) where it is missing, makes the fixtures again in a temporary folder, trains what
 * Trainer trained, loads our outputs with transformers and PEFT and theirs with our loaders. Nothing is kept, but with
 * --write the tables, in docs/parity.md, which holds every place where Tunebook differs on purpose.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareFixtures } from './parity/compare-fixtures.mjs';
import { ourFamiliesInTheirs } from './parity/round-trip-families.mjs';
import { ourOutputsInTheirs, theirOutputsInOurs } from './parity/round-trip.mjs';
import { tablesOf } from './parity/tables.mjs';
import { writeTable } from './parity/write-table.mjs';
import { python } from './python.mjs';
import { fail, root, run } from './setup/run.mjs';

/** Losses and gradient norms relative, logits absolute: what the design asks for. */
const BOUNDS = { loss: 1e-5, grad_norm: 1e-5, logits: 1e-4 };
/** A merged adapter is the same weights added up once. */
const MERGED_BOUND = 1e-5;
/** Fixtures made on another machine differ from the committed ones by rounding alone. */
const FIXTURE_BOUND = 1e-5;
/** A flow throws weights about with a learning rate of 0.05, so that rounding shows more. */
const FLOW_BOUND = 1e-3;

/** What makes each folder of test/fixtures. */
const SCRIPTS = {
  parity: 'make_parity_fixtures.py',
  families: 'make_family_fixtures.py',
  adapters: 'make_adapter_fixtures.py',
  nf4: 'make_nf4_fixture.py',
  sft: 'make_sft_fixtures.py',
  dpo: 'make_dpo_fixtures.py',
  orpo: 'make_orpo_fixtures.py',
};

const rows = [];
const note = (check, what, deviation, bound, problem) =>
  rows.push({ check, what, deviation, bound, problem, ok: !problem && deviation <= bound });

const folder = mkdtempSync(join(tmpdir(), 'tunebook-parity-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const made = join(folder, 'fixtures');
const fixtures = join(made, 'parity');
Object.assign(process.env, { TUNEBOOK_FIXTURES: made, TUNEBOOK_RUNTIME_DIR: join(folder, 'runtime') });

run(process.execPath, ['esbuild.mjs', '--only', 'tunebook'], 'The build failed.');

say('Making the fixtures anew with transformers, PEFT, bitsandbytes and TRL (a few minutes)');
const files = Object.entries(SCRIPTS).flatMap(([name, script]) => {
  python([script, join(made, name)]);
  return compareFixtures(join(root, 'test/fixtures', name), join(made, name)).map((file) => ({
    ...file,
    file: `${name}/${file.file}`,
  }));
});
const equal = files.filter(({ deviation }) => deviation === 0);
note('fixtures made anew', `${equal.length} of ${files.length} files: every byte or number`, 0, 0);
for (const { file, deviation, note: problem } of files.filter((found) => found.deviation !== 0))
  note(
    'fixtures made anew',
    file,
    deviation,
    file.endsWith('flows.json') ? FLOW_BOUND : FIXTURE_BOUND,
    problem,
  );

say('Training what Trainer trained');
const trainings = node(['scripts/parity/our-trainings.ts'])
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
for (const { fixture, name, steps, ...numbers } of trainings) {
  for (const [kind, bound] of Object.entries(BOUNDS))
    note(`${fixture}, ${name}`, `${kind}, ${steps} steps`, numbers[kind], bound);
}

const heads = node(['scripts/parity/our-methods.ts'])
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
for (const { name, steps, ...numbers } of heads) {
  for (const [kind, bound] of Object.entries(BOUNDS))
    if (kind in numbers) note(name, `${kind}, ${steps} steps`, numbers[kind], bound);
  if ('merged' in numbers) note(name, 'logits, merged', numbers.merged, MERGED_BOUND);
}

say('Running the parity tests against the new fixtures');
const tests = ['parity.engine', 'parity.loop', 'flow'].map((name) => `test/trainer/${name}.test.ts`);
const report = JSON.parse(
  node(
    ['node_modules/mocha/bin/mocha.js', '--no-config', '--timeout', '120000', '--reporter', 'json', ...tests],
    {
      mayFail: true,
    },
  ),
);
note('tests', `${report.stats.passes} passed`, report.stats.failures, 0);
for (const { fullTitle, err } of report.failures) console.error(`${fullTitle}: ${err.message}`);

say('Training with the command line, and loading the outputs with transformers and PEFT');
const workspace = join(folder, 'workspace');
mkdirSync(workspace);
const outputs = [
  ...ourOutputsInTheirs(fixtures, workspace),
  ...ourFamiliesInTheirs(made, join(folder, 'families')),
];
for (const { name, reader, deviation, problem } of outputs)
  note(`our output in ${reader}`, name, deviation, BOUNDS.logits, problem);

say('Loading with our loaders what transformers and PEFT saved');
for (const { name, reader, deviation } of theirOutputsInOurs(
  fixtures,
  join(made, 'families'),
  join(folder, 'theirs'),
))
  note(`their output in ${reader}`, name, deviation, BOUNDS.logits);

print();
process.exitCode = rows.every(({ ok }) => ok) ? 0 : 1;

function node(args, { mayFail = false } = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0 && !mayFail) fail(`node ${args[0]} failed:\n${stderr}`);
  return stdout;
}

function print() {
  const { transformers, peft, torch } = trainings[0].made_by;
  const onnxruntime = JSON.parse(
    readFileSync(join(root, 'node_modules/onnxruntime-node/package.json')),
  ).version;
  const failed = rows.filter(({ ok }) => !ok).length;
  const text = [
    tablesOf(rows),
    `${new Date().toISOString().slice(0, 10)}, transformers ${transformers}, PEFT ${peft}, PyTorch ${torch}, onnxruntime ${onnxruntime}, Node ${process.version}, ${process.platform} ${process.arch}, ${cpus().length} cores.`,
    failed === 0 ? `All ${rows.length} checks hold.` : `${failed} of ${rows.length} checks do not hold.`,
  ].join('\n\n');
  console.log(`\n${text}`);
  if (process.argv.includes('--write')) writeTable(join(root, 'docs/parity.md'), text);
}

function say(sentence) {
  console.error(sentence);
}
