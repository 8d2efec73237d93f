import { createHash } from 'node:crypto';
import type { DataReference } from '../../language/resolved.ts';
import {
  RUN_FORMAT_VERSION,
  type DeviceInfo,
  type RunKind,
  type RunManifest,
  type RunParent,
} from '../../protocol/run.ts';
import type { RunEnvironment } from '../../protocol/environment.ts';
import { maskOf } from '../../runs/environment.ts';
import { createRunId } from '../../runs/id.ts';
import type { FactsCache } from '../facts-cache.ts';
import { canonicalJson } from '../../runs/canonical-json.ts';
import { datasetFingerprint } from './dataset-fingerprint.ts';
import { insideWorkspace } from './fingerprint.ts';
import { gitCommit } from './git.ts';
import { modelFingerprint } from './model-fingerprint.ts';
import { versions } from './versions.ts';

/** A resolved document as it is written down. */
export interface Written {
  readonly config: unknown;
  /** What of it comes from the environment. */
  readonly environment?: RunEnvironment | undefined;
}

/** What shall be computed: enough to write `run.json`. */
export interface Plan {
  readonly kind: RunKind;
  readonly name: string;
  /** The config file, absolute. */
  readonly file: string;
  /** The resolved document, as `run.json` keeps it: with `${env.NAME}` unexpanded. */
  readonly written: Written;
  readonly data: readonly DataReference[];
  readonly model?: { base: string; tokenizer?: string };
  readonly seed?: number;
  readonly parent?: RunParent;
  /** Not there for what computes nothing itself. */
  readonly chooseDevice?: () => Promise<DeviceInfo>;
}

/** What a run is computed from. */
export type Inputs = Pick<RunManifest, 'datasets' | 'model'>;

export interface InputsContext {
  readonly workspace: string;
  readonly facts: FactsCache;
  readonly signal: AbortSignal;
}

export interface DraftContext extends InputsContext {
  readonly id?: string;
  /** Whether some of the inputs are still to be fetched: they are described when they are there. */
  readonly awaitsSources?: boolean;
}

/** A manifest, and what kept it from being whole: a run that cannot start says so in its own directory. */
export interface Draft {
  readonly manifest: RunManifest;
  readonly obstacle?: unknown;
}

/**
 * Gathers what `run.json` holds: fingerprints of data and model, git commit, device. Does not throw for what is wrong with them.
 * @throws the signal's reason when aborted
 */
export async function draftManifest(
  plan: Plan,
  { id, awaitsSources = false, ...context }: DraftContext,
): Promise<Draft> {
  const { workspace, facts, signal } = context;
  const { kind, name, file, seed, parent } = plan;
  const { config, environment } = plan.written;
  const now = new Date();
  const [inputs, device, git] = await Promise.allSettled([
    awaitsSources ? undefined : describeInputs(plan, { workspace, facts, signal }),
    plan.chooseDevice?.(),
    gitCommit(workspace),
  ]);
  signal.throwIfAborted();
  const obstacle = [inputs, device].find((part) => part.status === 'rejected');
  const { mask } = maskOf(environment?.masked ?? [], { workspace });
  const manifest: RunManifest = {
    formatVersion: RUN_FORMAT_VERSION,
    id: id ?? createRunId(name, now),
    kind,
    name,
    createdAt: now.toISOString(),
    file: insideWorkspace(file, workspace),
    config,
    ...present('environment', environment),
    configHash: createHash('sha256').update(canonicalJson(config)).digest('hex'),
    datasets: [],
    ...mask(valueOf<Inputs | undefined>(inputs)),
    ...present('git', valueOf(git)),
    versions: versions(),
    ...present('device', valueOf(device)),
    ...present('seed', environment?.places['/train/seed'] ? undefined : seed),
    ...present('parent', mask(parent)),
  };
  return obstacle ? { manifest, obstacle: obstacle.reason } : { manifest };
}

/**
 * Describes the data and the model of a plan, all of which must be on this machine.
 * @throws TunebookError of the data readers and of the model folder; the signal's reason when aborted
 */
export async function describeInputs(
  { data, model, file }: Plan,
  { workspace, facts, signal }: InputsContext,
): Promise<Inputs> {
  const [described, datasets] = await Promise.allSettled([
    model && modelFingerprint({ ...model, from: file }, workspace, signal),
    Promise.all(distinct(data).map((each) => datasetFingerprint(each, { workspace, facts, signal }))),
  ]);
  for (const part of [described, datasets]) if (part.status === 'rejected') throw part.reason;
  return { datasets: valueOf(datasets) ?? [], ...present('model', valueOf(described)) };
}

/** A split that is named twice is described once. */
function distinct(references: readonly DataReference[]): DataReference[] {
  const byName = new Map(
    references.map((each) => [`${each.dataset.file}#${each.dataset.name}.${each.split}`, each]),
  );
  return [...byName.values()];
}

function valueOf<Value>(result: PromiseSettledResult<Value>): Value | undefined {
  return result.status === 'fulfilled' ? result.value : undefined;
}

function present<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  // SAFETY: an object with this one key, or none.
  return (value === undefined ? {} : { [key]: value }) as { [K in Key]?: Value };
}
