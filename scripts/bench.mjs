/**
 * Measures Tunebook beside PyTorch and Hugging Face Trainer, all in this one run on this one machine.
 *
 *   npm run bench                    everything (an hour or more on two cores)
 *   npm run bench -- step-full       one benchmark; names: see BENCHMARKS
 *   npm run bench -- compare       the comparison panel with 100,000 rows of four candidates
 *   npm run bench -- metrics       the metrics panel with ten runs of a million points
 *   npm run bench -- watched       the steps of a run that is watched, beside one that is not
 *   npm run bench -- notebook      a notebook of 200 cells in a real VS Code
 *   npm run bench -- --json          one object a line: name, unit, ours, peer, ratio
 *
 * `ratio` is ours divided by the peer's: of times and megabytes, below 1 is better for us. docs/benchmarks.md keeps a
 * table and says what the targets are.
 */
import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { checkpointing } from '../bench/checkpointing.mjs';
import { choosing } from '../bench/choose.mjs';
import { compare } from '../bench/compare.mjs';
import { epoch } from '../bench/epoch.mjs';
import { generation } from '../bench/generate.mjs';
import { language } from '../bench/language.mjs';
import { metrics } from '../bench/metrics.mjs';
import { notebook } from '../bench/notebook.mjs';
import { step } from '../bench/step.mjs';
import { watched } from '../bench/watched.mjs';
import { DATA, SHAPES, whyNot } from '../bench/workloads.mjs';
import { ensurePython } from './python.mjs';

const BENCHMARKS = {
  'step-full': shape('minilm', 'full'),
  'step-lora': shape('minilm', 'lora'),
  'step-qlora': shape('minilm', 'qlora'),
  'gpt2-full': shape('gpt2', 'full'),
  'gpt2-lora': shape('gpt2', 'lora'),
  'gpt2-qlora': shape('gpt2', 'qlora'),
  'smollm2-full': shape('smollm2', 'full'),
  'smollm2-lora': shape('smollm2', 'lora'),
  'smollm2-qlora': shape('smollm2', 'qlora'),
  'banking77-full': data('banking77', 'full'),
  'banking77-lora': data('banking77', 'lora'),
  'wnut17-full': data('wnut17', 'full'),
  'wnut17-lora': data('wnut17', 'lora'),
  'wikisql-full': data('wikisql', 'full'),
  'wikisql-lora': data('wikisql', 'lora'),
  'generate-gpt2': { workload: SHAPES.gpt2, method: 'full', measure: generation },
  'generate-smollm2': { workload: SHAPES.smollm2, method: 'full', measure: generation },
  'checkpointing-minilm-full': spared('minilm', 'full'),
  'checkpointing-minilm-lora': spared('minilm', 'lora'),
  'checkpointing-gpt2-full': spared('gpt2', 'full'),
  'checkpointing-gpt2-lora': spared('gpt2', 'lora'),
  'checkpointing-smollm2-full': spared('smollm2', 'full'),
  'checkpointing-smollm2-lora': spared('smollm2', 'lora'),
  'choose-gpt2': { workload: SHAPES.gpt2, method: 'full', measure: choosing },
  'choose-smollm2': { workload: SHAPES.smollm2, method: 'full', measure: choosing },
  compare: panel(compare),
  metrics: panel(metrics),
  watched: panel(watched),
  notebook: { ...panel((name, report) => notebook(name, report)), inVSCode: true },
  language: panel((_name, report) => language(report, root)),
};

function shape(name, method) {
  return { workload: SHAPES[name], method, measure: step };
}

/** Batches four times as large: what checkpointing is for. SmolLM2's need none. */
function spared(name, method) {
  const shape = SHAPES[name];
  const batch = name === 'smollm2' ? shape.batch : 4 * shape.batch;
  return { workload: { ...shape, batch }, method, measure: checkpointing };
}

function data(name, method) {
  return { workload: DATA[name], method, measure: epoch };
}

/** A benchmark of ours alone, against a target: no workload, no Python. */
function panel(measure) {
  return {
    workload: undefined,
    method: undefined,
    measure: (name, _workload, _method, report) => measure(name, report),
  };
}

const json = process.argv.includes('--json');
const asked = process.argv.slice(2).filter((argument) => argument !== '--' && !argument.startsWith('--'));
const unknown = asked.filter((name) => !Object.hasOwn(BENCHMARKS, name));
if (unknown.length > 0) {
  console.error(
    `No benchmark is called ${unknown.join(', ')}. There are: ${Object.keys(BENCHMARKS).join(', ')}`,
  );
  process.exit(2);
}

const root = fileURLToPath(new URL('..', import.meta.url));
const names = asked.length > 0 ? asked : Object.keys(BENCHMARKS);
const setup = names.some((name) => BENCHMARKS[name].inVSCode)
  ? ['scripts/setup.mjs', '--test']
  : ['scripts/setup.mjs'];
for (const args of [setup, ['esbuild.mjs']]) {
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) {
    console.error(stderr);
    process.exit(3);
  }
}
if (names.some((name) => BENCHMARKS[name].workload)) ensurePython();
const progress = (message) => console.error(message);
if (!json)
  console.log(`${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} cores, Node ${process.version}\n`);

for (const name of names) {
  const { workload, method, measure } = BENCHMARKS[name];
  const reason = workload && whyNot(workload);
  if (reason !== undefined) {
    progress(`${name}: left out, ${reason}`);
    continue;
  }
  const rows = await measure(name, workload, method, progress);
  for (const row of rows) print({ ...row, ratio: row.peer === undefined ? undefined : row.ours / row.peer });
}

function print({ name, unit, ours, peer, ratio, peerName, target }) {
  if (json) {
    console.log(JSON.stringify({ name, unit, ours, peer, ratio, peerName, target }));
    return;
  }
  const number = (value) => (value === undefined ? '' : Number(value.toPrecision(4)).toString());
  const measured = peer === undefined ? ours : ratio;
  const verdict =
    target === undefined || measured === undefined ? '' : measured <= target ? 'reached' : 'not reached';
  const columns = [
    name.padEnd(44),
    unit.padEnd(12),
    number(ours).padStart(10),
    number(peer).padStart(10),
    (ratio === undefined ? '' : ratio.toFixed(2)).padStart(6),
    (target === undefined ? '' : `≤ ${target.toFixed(2)}`).padStart(8),
    verdict.padEnd(12),
    peerName ?? '',
  ];
  console.log(columns.join('  ').trimEnd());
}
