/**
 * The logits that Tunebook computes for a folder in Hugging Face or PEFT layout, read with the trainer's own loaders.
 *
 *   echo '{"input_ids": [[2, 7, 3]]}' | node scripts/parity/our-logits.ts FOLDER
 *
 * Prints {"logits": …}, one list a row; of a masked language model one list a token.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadParameters } from '../../src/trainer/checkpoint/load-parameters.ts';
import { readModelFolder } from '../../src/trainer/checkpoint/model-folder.ts';
import { readAdapter } from '../../src/trainer/checkpoint/read-adapter.ts';
import { inspectClassifier, loadClassifier } from '../../src/trainer/evaluate/classifier.ts';
import { CPU_LOWERING } from '../../src/trainer/graph/graph.ts';
import { collate } from '../../src/trainer/loop/collate.ts';
import { parseModelConfig } from '../../src/trainer/models/config.ts';
import { buildTask } from '../../src/trainer/models/task.ts';
import { createPredictor, type ForwardSpec, type Predictor } from '../../src/trainer/runtime/predictor.ts';

const [folder = ''] = process.argv.slice(2);
// SAFETY: parity.mjs asks, with rows of token ids.
const { input_ids: rows } = JSON.parse(readFileSync(0, 'utf8')) as { input_ids: number[][] };
const own = readModelFolder(folder);
const adapter = own.adapter && readAdapter(folder, own.adapter);
const base = adapter?.base ?? folder;
const fields = readModelFolder(base).config ?? {};
// PEFT has no task for masked language models, so their adapters name none.
const masks = own.adapter
  ? !own.adapter['task_type']
  : JSON.stringify(fields['architectures']).includes('MaskedLM');
const predictor = masks ? await maskedLanguageModel() : await classifier();
const logits: unknown[] = [];
for (const row of rows) logits.push(await logitsOf(row));
await predictor.dispose();
process.stdout.write(JSON.stringify({ logits }));

async function classifier(): Promise<Predictor> {
  const found = inspectClassifier(folder);
  const { head } = found;
  if (head.kind === 'random') throw new Error(`${folder} holds no classifier`);
  const { spec, values } = loadClassifier(found, head.kind === 'named' ? head.labels.length : head.count);
  return await createPredictor(spec, values, { device: 'cpu', threads: 1 });
}

async function maskedLanguageModel(): Promise<Predictor> {
  const spec: ForwardSpec = {
    config: parseModelConfig(fields, join(base, 'config.json')),
    task: { kind: 'fill-mask' },
    options: adapter ? { adapter: adapter.lora } : {},
  };
  const built = buildTask(spec.config, spec.task, {
    ...spec.options,
    training: false,
    lowering: CPU_LOWERING,
  });
  const folders = adapter ? [base, folder] : [base];
  const { values, initialized } = loadParameters(built.builder.parameters.values(), folders, 0);
  if (initialized.length > 0) throw new Error(`${folder} lacks ${initialized.join(', ')}`);
  return await createPredictor(spec, values, { device: 'cpu', threads: 1 });
}

/** One row at a time, as verify_output.py does. */
async function logitsOf(row: number[]): Promise<number[] | number[][]> {
  const feeds = collate({ input_ids: Int32Array.from(row), offsets: Int32Array.of(0, row.length) }, [0]);
  if (!masks) return [...(await predictor.predict(feeds))];
  const every = { data: Int32Array.from(row.keys()), dims: [row.length] };
  const values = await predictor.predict({ ...feeds, target_index: every });
  const width = values.length / row.length;
  return row.map((_, token) => [...values.subarray(token * width, (token + 1) * width)]);
}
