/**
 * The tour for a newcomer: trains the example's two runs (all weights, and LoRA), evaluates both beside the untuned base on the
 * held-out split, and says where everything lies and what to try next. About two minutes on two cores.
 */
import { spawnSync } from 'node:child_process';
import { join, relative } from 'node:path';
import { copyExample } from './example.mjs';
import { foreground } from './setup/foreground.mjs';
import { root, run } from './setup/run.mjs';

const CONFIG = 'intents.tune.yaml';
const RUNS = ['intents-full', 'intents-lora'];
const EVALUATION = 'is-it-worth-it';

run(process.execPath, ['esbuild.mjs', '--only', 'tunebook'], 'The build failed.');
const workspace = copyExample();
const config = join(workspace, CONFIG);
const shown = relative(process.cwd(), config);

console.log(`\nThe example routes what a person types to one of 20 editor commands. Its config: ${shown}`);
for (const name of RUNS) await tunebook('run', name);
await tunebook('evaluate', EVALUATION);

console.log(`
The runs and the evaluation lie in ${relative(process.cwd(), join(workspace, '.tunebook/runs'))}:
${newestRuns()
  .map(({ name, dir }) => `  ${name.padEnd(16)} ${relative(process.cwd(), dir)}`)
  .join('\n')}

Next: change something and see whether it helps. Open ${shown}, set
\`num_train_epochs: 6\` under ${RUNS[1]}, and say

  node dist/tunebook.js run ${shown} ${RUNS[1]}
  node dist/tunebook.js evaluate ${shown}

Or do it with a click, in a VS Code in your browser:  npm run code`);

/** Runs the built command line in this terminal, so that its progress bar shows; ends the demo where it fails. */
async function tunebook(command, name) {
  console.log(`\n$ tunebook ${command} ${CONFIG} ${name}\n`);
  const args = ['dist/tunebook.js', command, config, name, '--workspace', workspace];
  const code = await foreground(process.execPath, args);
  if (code !== 0) process.exit(code);
}

/** The newest run of each name, in the order they were made. */
function newestRuns() {
  const args = ['dist/tunebook.js', 'runs', '--workspace', workspace, '--json'];
  const { stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  const runs = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  return [...RUNS, EVALUATION].map(
    (name) => runs.filter((run) => run.name === name).sort((a, b) => (a.id < b.id ? 1 : -1))[0],
  );
}
