import type { RunManifest } from '../../protocol/run.ts';
import type { ParameterValue } from '../../protocol/webview.ts';

/** Where a document stands and what it is called: two runs of one config would differ by nothing else. */
const PLACES = new Set(['name', 'file', 'data.train.dataset.file', 'data.eval.dataset.file']);

/**
 * All that a run was made with, by the path of its field in the resolved config (`train.learning_rate`), and beside it what
 * `run.json` knows of data, model, code and machine. Lists are written as YAML's flow style has them.
 */
export function parametersOf(manifest: RunManifest): Record<string, ParameterValue> {
  const { config, datasets, model, git, device, versions, seed } = manifest;
  const parameters: Record<string, ParameterValue> = {};
  flatten(config, '', parameters);
  for (const { name, split, rows, files } of Array.isArray(datasets) ? datasets : []) {
    parameters[`rows of ${name}.${split}`] = rows;
    parameters[`files of ${name}.${split}`] = files.map(({ sha256 }) => sha256.slice(0, 8)).join(', ');
  }
  if (model?.revision !== undefined) parameters['model revision'] = model.revision.slice(0, 10);
  if (git) parameters['git commit'] = git.commit.slice(0, 8) + (git.dirty ? ' with changes' : '');
  if (device) parameters['device'] = device.description;
  if (seed !== undefined) parameters['seed'] = seed;
  parameters['tunebook'] = versions?.tunebook ?? null;
  parameters['onnxruntime'] = versions?.onnxruntime ?? null;
  return parameters;
}

function flatten(value: unknown, path: string, into: Record<string, ParameterValue>): void {
  if (PLACES.has(path)) return;
  if (Array.isArray(value)) into[path] = `[${value.map(wordOf).join(', ')}]`;
  else if (typeof value === 'object' && value !== null)
    for (const [key, each] of Object.entries(value))
      flatten(each, path === '' ? key : `${path}.${key}`, into);
  else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    into[path] = value;
  else if (value === null) into[path] = null;
}

function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
