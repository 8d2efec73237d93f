import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { MetricsEvent } from '../../protocol/events.ts';
import { TunebookError } from '../../protocol/error.ts';
import { toWire, type WireNumber } from '../../protocol/numbers.ts';
import { readTfevents } from '../report/read-tfevents.ts';

/** What another tool wrote down of a training. */
export interface ForeignRun {
  /** What wrote it. */
  source: 'transformers' | 'tensorboard';
  /** Ascending by step; `time` in ms since the epoch, where it is known. */
  metrics: (MetricsEvent & { time?: number })[];
  /** Single values that are known of its settings. */
  settings: Record<string, unknown>;
  checkpoints: number[];
}

/**
 * Reads a folder that transformers' Trainer wrote (`trainer_state.json`, in it or in its newest checkpoint), or else one with
 * TensorBoard's events files, at any depth.
 * @throws TunebookError `import/nothing`, `import/not-readable`, `import/not-tfevents`
 */
export function readForeign(folder: string): ForeignRun {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw nothing(folder, `There is no folder ${folder}.`);
  const state = findTrainerState(folder);
  if (state !== undefined) return readTrainerState(state, folder);
  const files = findTfevents(folder);
  if (files.length > 0) return readEventFiles(files);
  throw nothing(folder, `${folder} holds neither a trainer_state.json nor events files of TensorBoard.`);
}

function findTrainerState(folder: string): string | undefined {
  const newest = checkpointsIn(folder).at(-1);
  const places = [folder, ...(newest === undefined ? [] : [join(folder, `checkpoint-${newest}`)])];
  return places
    .map((place) => join(place, 'trainer_state.json'))
    .find((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
}

function checkpointsIn(folder: string): number[] {
  return readdirSync(folder)
    .flatMap((name) => /^checkpoint-(\d+)$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

function readTrainerState(file: string, folder: string): ForeignRun {
  let state: unknown;
  try {
    state = JSON.parse(quoteNonFinite(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new TunebookError('import/not-readable', `${file} is not JSON.`, {
      hint: 'Copy it again, or import another checkpoint.',
      location: { file },
      cause,
    });
  }
  const fields = record(state);
  const history = fields['log_history'];
  if (!Array.isArray(history))
    throw new TunebookError('import/not-readable', `${file} has no log_history.`, {
      hint: 'It was not written by the Trainer of transformers.',
      location: { file },
    });
  const names = [
    'max_steps',
    'num_train_epochs',
    'train_batch_size',
    'best_metric',
    'best_model_checkpoint',
    'total_flos',
  ];
  return {
    source: 'transformers',
    metrics: history.flatMap((entry) => logEntry(record(entry))).sort((a, b) => a.step - b.step),
    settings: Object.fromEntries(names.flatMap((name) => (name in fields ? [[name, fields[name]]] : []))),
    checkpoints: checkpointsIn(folder),
  };
}

/** An entry of `log_history`. Its last one sums the training up and is of no step of its own. */
function logEntry({ step, epoch, ...values }: Record<string, unknown>): MetricsEvent[] {
  if (typeof step !== 'number' || 'train_runtime' in values) return [];
  const numbers: [name: string, value: WireNumber][] = [];
  for (const [name, value] of Object.entries(values)) if (isWireNumber(value)) numbers.push([name, value]);
  if (numbers.length === 0) return [];
  const split = numbers.some(([name]) => name.startsWith('eval_')) ? 'eval' : 'train';
  const done = typeof epoch === 'number' ? epoch : 0;
  return [{ type: 'metrics', split, step, epoch: done, values: Object.fromEntries(numbers) }];
}

/** Python's JSON has NaN and Infinity as they are, outside of strings. */
export function quoteNonFinite(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g, (part) =>
    part.startsWith('"') ? part : `"${part}"`,
  );
}

function findTfevents(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tfevents\./.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort((a, b) => basename(a).localeCompare(basename(b)));
}

/** Numbers of the same step and split as one event. A step that comes again was taken again: the later file counts. */
function readEventFiles(files: readonly string[]): ForeignRun {
  const events = new Map<string, MetricsEvent & { time: number }>();
  for (const file of files)
    for (const { tag, step, time, value } of readTfevents(readFileSync(file), file)) {
      const [, part, rest] = /^(train|eval|test)\/(.+)$/.exec(tag) ?? [];
      const split = part === 'eval' || part === 'test' ? 'eval' : 'train';
      const key = `${String(step).padStart(12, '0')} ${split}`;
      const event = events.get(key) ?? { type: 'metrics', split, step, epoch: 0, values: {}, time: 0 };
      events.set(key, event);
      event.time = time * 1000;
      const name = split === 'eval' ? `${part}_${rest}` : (rest ?? tag);
      if (rest === 'epoch') event.epoch = Number.isFinite(value) ? value : 0;
      else event.values[name] = toWire(value);
    }
  const metrics = [...events.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, event]) => event);
  return {
    source: 'tensorboard',
    metrics: metrics.filter(({ values }) => Object.keys(values).length > 0),
    settings: {},
    checkpoints: [],
  };
}

function isWireNumber(value: unknown): value is WireNumber {
  return typeof value === 'number' || value === 'NaN' || value === 'Infinity' || value === '-Infinity';
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function nothing(file: string, message: string): TunebookError {
  return new TunebookError('import/nothing', message, {
    hint: 'Name the output_dir of a Trainer, or a folder that TensorBoard shows.',
    location: { file },
  });
}
