/**
 * A hosted candidate against a server that is not ours: transformers' own `transformers serve` serves the example's small model, an
 * evaluation asks it behind a proxy that misbehaves, and beside it runs the same model here. Greedy answers have to be equal, nothing may
 * be lost, and the key may stand in no file.
 *
 *   npm run hosted [-- PYTHON]
 *
 * PYTHON is one that has `transformers[serving]`; otherwise .venv is made. docs/benchmarks.md keeps the output. Three minutes on two cores.
 */
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startProxy } from './hosted/proxy.mjs';
import { ensurePython } from './python.mjs';

const KEY = 'sk-kept-nowhere-5132';
const ROWS = 40;
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'artifacts/hosted');
const example = join(root, 'examples/editor-commands');
const python = process.argv[2] ?? ensurePython();

const built = spawnSync(process.execPath, ['esbuild.mjs', '--only', 'tunebook'], {
  cwd: root,
  stdio: 'inherit',
});
if (built.status !== 0) process.exit(1);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const model = join(folder, 'model');
cpSync(join(example, 'writer'), model, { recursive: true });
// The chat endpoint needs a template; this one says the message as it is.
const tokenizer = join(model, 'tokenizer_config.json');
const template = "{% for message in messages %}{{ message['content'] }}{% endfor %}";
writeFileSync(
  tokenizer,
  JSON.stringify({ ...JSON.parse(readFileSync(tokenizer, 'utf8')), chat_template: template }),
);
const rows = readFileSync(join(example, 'data/written-validation.jsonl'), 'utf8').split('\n').slice(0, ROWS);
writeFileSync(join(folder, 'rows.jsonl'), `${rows.join('\n')}\n`);

const port = await freePort();
const log = join(folder, 'serve.log');
const output = openSync(log, 'a');
const server = spawn(
  join(dirname(python), 'transformers'),
  ['serve', model, '--device', 'cpu', '--dtype', 'float32', '--host', '127.0.0.1', '--port', String(port)],
  { stdio: ['ignore', output, output], env: { ...process.env, HF_HUB_OFFLINE: '1' } },
);
const proxy = await startProxy(`http://127.0.0.1:${port}`);
try {
  await answers(`http://127.0.0.1:${port}/health`);
  writeFileSync(join(folder, 'hosted.tune.yaml'), config(`http://127.0.0.1:${proxy.port}/v1`));
  process.exitCode = await evaluate();
} finally {
  proxy.close();
  server.kill();
}

function config(base_url) {
  const endpoint = `{ base_url: "${base_url}", model: ${JSON.stringify(model)}, api_key_env: HOSTED_KEY, timeout: 20, max_retries: 3, max_concurrency: 2 }`;
  return `dataset: commands
files: { test: rows.jsonl }
format: prompt-completion
---
prompt: as-text
template: "{{ prompt }}"
generation: { max_new_tokens: 8 }
---
prompt: as-message
messages: [{ role: user, content: "{{ prompt }}" }]
generation: { max_new_tokens: 8 }
---
evaluate: hosted
data: commands.test
candidates:
  here: { model: ./model, prompt: as-text }
  text: { endpoint: ${endpoint}, prompt: as-text }
  chat: { endpoint: ${endpoint}, prompt: as-message }
metrics: [exact_match, rougeL, latency]
`;
}

async function evaluate() {
  const args = ['dist/tunebook.js', 'evaluate', join(folder, 'hosted.tune.yaml'), '--workspace', folder];
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, HOSTED_KEY: KEY },
  });
  const status = await new Promise((resolve) => child.once('close', resolve));
  if (status !== 0) return 1;
  const outputs = readOutputs();
  const count = (holds) => [...outputs.values()].filter(holds).length;
  const [same, sameChat] = [
    count(({ here, text }) => here === text),
    count(({ here, chat }) => here === chat),
  ];
  const faults = proxy.seen.flatMap(({ fault }) => fault ?? []);
  const held = filesOf(folder).filter((file) => readFileSync(file, 'latin1').includes(KEY));
  const keyed = proxy.seen.filter(({ key }) => key === `Bearer ${KEY}`).length;
  console.log(`
requests                    ${proxy.seen.length}, of which ${keyed} with the key
faults of the proxy         ${faults.join(', ')}
rows answered by all        ${count(({ here, text, chat }) => [here, text, chat].every((each) => each !== undefined))} of ${ROWS}
equal to the model here     ${same} through /completions, ${sameChat} through /chat/completions
files that hold the key     ${held.length}`);
  return same === ROWS && sameChat === ROWS && faults.length === 5 && held.length === 0 ? 0 : 1;
}

/** What each candidate answered to each row. */
function readOutputs() {
  const [run] = readdirSync(join(folder, '.tunebook/runs'));
  const lines = readFileSync(join(folder, '.tunebook/runs', run, 'records.jsonl'), 'utf8')
    .trim()
    .split('\n');
  const byRow = new Map();
  for (const { index, outputs } of lines.map((line) => JSON.parse(line)))
    for (const [name, { output }] of Object.entries(outputs))
      byRow.set(index, { ...byRow.get(index), [name]: output });
  return byRow;
}

function filesOf(directory) {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
}

async function freePort() {
  const probe = createServer();
  await new Promise((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port: free } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return free;
}

async function answers(url) {
  const end = Date.now() + 180_000;
  while (Date.now() < end) {
    if (server.exitCode !== null) throw new Error(`transformers serve has ended; see ${log}.`);
    if ((await fetch(url).catch(() => undefined))?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`transformers serve did not answer; see ${log}.`);
}
