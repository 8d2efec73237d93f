import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ResolvedExport } from '../../language/resolved.ts';
import { EXPORT_FILE, type ExportDescription } from '../../protocol/export.ts';
import { variablesIn } from '../../protocol/environment.ts';
import { TunebookError } from '../../protocol/error.ts';
import { RUN_FILES } from '../../protocol/run.ts';
import { unmaskedBase } from '../../runs/adapter-base.ts';
import { readManifest } from '../../runs/read.ts';
import { checkMissing, inspectModel, loadModel, locateParameters } from '../checkpoint/inspect-model.ts';
import { readModelFolder } from '../checkpoint/model-folder.ts';
import { publishFolder } from '../checkpoint/publish-folder.ts';
import { resolveBase } from '../checkpoint/resolve-base.ts';
import { CONFIG_DTYPES, saveModel } from '../checkpoint/save-model.ts';
import { copyTokenizer } from '../data/tokenizer.ts';
import { isObject } from '../data/tokenizer/json.ts';
import { findCandidateRun } from '../evaluate/find-run.ts';
import { CPU_LOWERING } from '../graph/graph.ts';
import { mergeLora } from '../methods/merge.ts';
import { buildTask } from '../models/task.ts';
import { readHeaders, readTensors } from '../safetensors/read.ts';
import { writeSafetensors, type FloatDtype } from '../safetensors/write.ts';
import { checkTarget, explainTargetError } from './check-target.ts';
import { taskOf } from './model-task.ts';
import { copyFile } from '../../runs/copy-file.ts';
import { makeFolder } from '../../runs/make-folder.ts';

/** Where PEFT names the base of an adapter. */
const BASE_FIELD = 'base_model_name_or_path';

/** Files of a model folder that go with its weights. */
const COMPANIONS = /\.(json|txt|model|jinja)$/;

const DTYPES: Readonly<Record<string, FloatDtype>> = { none: 'F32', f16: 'F16', bf16: 'BF16' };

/**
 * Writes the folder that an `export:` asks for, whole or not at all, as transformers and PEFT load it. An adapter is added into its
 * base unless `merge_adapter` is off; `quantization: none` leaves the numbers of a model that is no adapter as they are.
 * @param workspace the folder whose runs are meant
 * @throws TunebookError `export/…`, those of the run, of the model folder and its weights, and `run/disk-full` and its kind
 */
export async function exportModel(wanted: ResolvedExport, workspace: string): Promise<ExportDescription> {
  const { name, file, folder, format, quantization, merge_adapter } = wanted;
  const dtype = DTYPES[quantization];
  if (format !== 'safetensors' || !dtype)
    throw new Error(`the check let ${format} in ${quantization} through`);
  const source = sourceOf(wanted, workspace);
  const { adapter } = readModelFolder(source.folder);
  const merged = adapter !== undefined && merge_adapter;
  const asTheyWere = !merged && quantization === 'none';
  const description: ExportDescription = {
    type: 'exported',
    name,
    folder,
    format: 'safetensors',
    dtype: asTheyWere ? 'as they were' : dtype,
    source,
    merged,
    files: [],
    notes: notesOf(source, merged, adapter),
  };
  try {
    checkTarget(folder, source.folder, file);
    makeFolder(dirname(folder));
    await publishFolder(folder, folder, (place) => {
      if (merged) writeMerged(place, source.folder, dtype);
      else copyModel(place, source.folder, asTheyWere ? undefined : dtype);
      description.files = readdirSync(place)
        .sort()
        .map((each) => ({ name: each, bytes: statSync(join(place, each)).size }));
      writeJson(join(place, EXPORT_FILE), description);
    });
  } catch (error) {
    throw explainTargetError(error, folder, file);
  }
  return description;
}

function sourceOf({ model, file }: ResolvedExport, workspace: string): ExportDescription['source'] {
  if (!model.startsWith('run:')) return { folder: resolveBase(model, file, workspace) };
  const { run } = findCandidateRun(model.slice('run:'.length), workspace, file);
  return { folder: join(run.dir, RUN_FILES.output), run: run.id };
}

/** The base with the adapter added into it, the head that was trained with it, and the tokenizer. */
function writeMerged(place: string, folder: string, dtype: FloatDtype): void {
  const model = inspectModel(folder);
  const { adapter, config, fields, base } = model;
  if (!adapter) throw new Error(`${folder} holds no adapter`);
  const { task, labels } = taskOf(model, folder);
  checkMissing(locateParameters(model, task).missing, undefined, base);
  const { values } = loadModel(model, task, 0);
  const options = { training: false, lowering: CPU_LOWERING };
  const adapted = buildTask(config, task, { ...options, adapter: adapter.lora }).builder;
  mergeLora(adapter.lora, adapted.linearLayers, values);
  const { parameters } = buildTask(config, task, options).builder;
  saveModel(place, { baseConfig: fields, task, labels }, parameters.values(), values, dtype);
  copyTokenizer(model.tokenizerFolder, place);
  const generation = [folder, base].map((each) => join(each, 'generation_config.json')).find(existsSync);
  if (generation !== undefined) copyFile(generation, join(place, 'generation_config.json'));
}

/** A model or an adapter as it is; with a type its floats are stored in that, in one file. */
function copyModel(place: string, folder: string, dtype: FloatDtype | undefined): void {
  const weights = new Set(readHeaders(folder).map(({ file }) => file));
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    const isWeights = weights.has(file) || name.endsWith('.safetensors.index.json');
    if (isWeights ? dtype === undefined : COMPANIONS.test(name) && name !== EXPORT_FILE)
      copyFile(file, join(place, name));
  }
  const { adapter } = readModelFolder(folder);
  if (adapter && variablesIn(String(adapter[BASE_FIELD])).length > 0)
    writeJson(join(place, 'adapter_config.json'), {
      ...adapter,
      [BASE_FIELD]: baseOf(adapter, join(folder, 'adapter_config.json')),
    });
  if (dtype === undefined) return;
  const tensors = readTensors(folder);
  const target = join(place, adapter ? 'adapter_model.safetensors' : 'model.safetensors');
  writeSafetensors(target, tensors, { dtype });
  const config = join(place, 'config.json');
  if (adapter || !existsSync(config)) return;
  // SAFETY: readModelFolder has found that it holds an object.
  const { torch_dtype: _older, ...fields } = JSON.parse(readFileSync(config, 'utf8')) as Record<
    string,
    unknown
  >;
  writeJson(config, { ...fields, dtype: CONFIG_DTYPES[dtype] });
}

/**
 * The base of an adapter as PEFT has to read it, which knows no `${env.NAME}`.
 * @throws TunebookError `export/environment-missing`
 */
function baseOf(adapter: Readonly<Record<string, unknown>>, file: string): string {
  const base = unmaskedBase(String(adapter[BASE_FIELD]));
  const [unset] = variablesIn(base);
  if (unset === undefined) return base;
  throw new TunebookError(
    'export/environment-missing',
    `The base of the adapter comes from the environment variable ${unset}, which is not set.`,
    { hint: `Set ${unset} as when it was trained, and export again.`, location: { file } },
  );
}

function notesOf(
  { folder }: ExportDescription['source'],
  merged: boolean,
  adapter: Readonly<Record<string, unknown>> | undefined,
): string[] {
  if (!adapter) return [];
  const base = String(adapter[BASE_FIELD]);
  const isNamed = variablesIn(base).length > 0;
  if (!merged)
    return [
      `It is an adapter: whoever loads it needs its base, ${base}${isNamed ? ', which its adapter_config.json holds as the environment names it now' : ''}.`,
    ];
  return trainedInFourBits(folder)
    ? [
        'The adapter was trained over weights in 4 bits, and is added into the weights that these were made from: evaluate the exported model.',
      ]
    : [];
}

/** Whether the run that a folder is the output of kept its base in 4 bits. */
function trainedInFourBits(folder: string): boolean {
  const config = readManifest(dirname(folder)).manifest?.config;
  const method = isObject(config) ? config['method'] : undefined;
  return isObject(method) && method['quantization'] !== undefined;
}

function writeJson(file: string, value: unknown): void {
  writeFileSync(file, `${JSON.stringify(value, undefined, 2)}\n`);
}
