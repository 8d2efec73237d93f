/**
 * The logits that Tunebook computes for a folder in Hugging Face or PEFT layout, read with the trainer's own loaders.
 *
 *   echo '{"input_ids": [[2, 7, 3]]}' | node scripts/parity/our-logits.ts FOLDER [--nf4]
 *
 * Prints {"logits": …}, one list a row; where the head works on tokens one list a token. With --nf4 the base of an adapter is
 * kept in 4 bits, as the run that trained it had it.
 */
import { readFileSync } from 'node:fs';
import {
  checkMissing,
  inspectModel,
  loadModel,
  locateParameters,
} from '../../src/trainer/checkpoint/inspect-model.ts';
import { inspectClassifier, loadClassifier } from '../../src/trainer/evaluate/classifier.ts';
import { taskOf } from '../../src/trainer/export/model-task.ts';
import { CPU_LOWERING } from '../../src/trainer/graph/graph.ts';
import { collate } from '../../src/trainer/loop/collate.ts';
import { layersInFourBits, loadQuantized } from '../../src/trainer/loop/quantize-weights.ts';
import { buildTask, headFor, type Task } from '../../src/trainer/models/task.ts';
import { createPredictor, type ForwardSpec, type Predictor } from '../../src/trainer/runtime/predictor.ts';

type Loaded = { spec: ForwardSpec; values: Map<string, Float32Array> };

const [folder = '', flag] = process.argv.slice(2);
// SAFETY: parity.mjs asks, with rows of token ids.
const { input_ids: rows } = JSON.parse(readFileSync(0, 'utf8')) as { input_ids: number[][] };
const model = inspectModel(folder);
const { task } = taskOf(model, folder);
const loaded = task.kind === 'text-classification' ? classifier() : whole(task);
const { spec, values } = flag === '--nf4' ? inFourBits(loaded) : loaded;
const predictor = await createPredictor(spec, values, { device: 'cpu', threads: 1 });
const logits: unknown[] = [];
for (const row of rows) logits.push(await logitsOf(predictor, row));
await predictor.dispose();
process.stdout.write(JSON.stringify({ logits }));

/** As an evaluation reads it. */
function classifier(): Loaded {
  const found = inspectClassifier(folder);
  const { head } = found;
  if (head.kind === 'random') throw new Error(`${folder} holds no classifier`);
  return loadClassifier(found, head.kind === 'named' ? head.labels.length : head.count);
}

/** As an export and the playground read it. */
function whole(kind: Task): Loaded {
  checkMissing(locateParameters(model, kind).missing, undefined, folder);
  return loadModel(model, kind, 0);
}

/** The same with the base's layers in 4 bits. */
function inFourBits({ spec: full, values: all }: Loaded): Loaded {
  const head = headFor(full.config, full.task);
  if (!head || !model.adapter) throw new Error(`${folder} holds no adapter`);
  const quantized = layersInFourBits(head, model.adapter.lora.options.modules_to_save);
  const options = { training: false, lowering: CPU_LOWERING };
  const kept = new Map(all);
  loadQuantized(buildTask(full.config, full.task, options).builder, quantized, [model.base], kept);
  return { spec: { ...full, options: { ...full.options, quantized } }, values: kept };
}

/** One row at a time, as verify_output.py does. */
async function logitsOf(computes: Predictor, row: number[]): Promise<number[] | number[][]> {
  const feeds = collate({ input_ids: Int32Array.from(row), offsets: Int32Array.of(0, row.length) }, [0]);
  if (task.kind === 'text-classification') return [...(await computes.predict(feeds))];
  const every = { data: Int32Array.from(row.keys()), dims: [row.length] };
  const found = await computes.predict({ ...feeds, target_index: every });
  const width = found.length / row.length;
  return row.map((_, token) => [...found.subarray(token * width, (token + 1) * width)]);
}
