import { createHash } from 'node:crypto';
import type { DataReference } from '../../language/resolved.ts';
import {
  RUN_FORMAT_VERSION,
  type DatasetFingerprint,
  type DeviceInfo,
  type RunKind,
  type RunManifest,
  type RunParent,
} from '../../protocol/run.ts';
import { createRunId } from '../../runs/id.ts';
import type { FactsCache } from '../facts-cache.ts';
import { canonicalJson } from './canonical-json.ts';
import { datasetFingerprint } from './dataset-fingerprint.ts';
import { insideWorkspace } from './fingerprint.ts';
import { gitCommit } from './git.ts';
import { modelFingerprint } from './model-fingerprint.ts';
import { versions } from './versions.ts';

/** What shall be computed: enough to write `run.json`. */
export interface Plan {
  readonly kind: RunKind;
  readonly name: string;
  /** The config file, absolute. */
  readonly file: string;
  /** The resolved document. */
  readonly config: unknown;
  readonly data: readonly DataReference[];
  readonly model?: { base: string; tokenizer?: string };
  readonly seed?: number;
  readonly parent?: RunParent;
  readonly chooseDevice: () => Promise<DeviceInfo>;
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
  {
    workspace,
    facts,
    signal,
    id,
  }: { workspace: string; facts: FactsCache; signal: AbortSignal; id?: string },
): Promise<Draft> {
  const { kind, name, file, config, model, seed, parent } = plan;
  const now = new Date();
  const [datasets, described, device, git] = await Promise.allSettled([
    Promise.all(distinct(plan.data).map((each) => datasetFingerprint(each, { workspace, facts, signal }))),
    model && modelFingerprint({ ...model, from: file }, workspace, signal),
    plan.chooseDevice(),
    gitCommit(workspace),
  ]);
  signal.throwIfAborted();
  const obstacle = [described, datasets, device].find((part) => part.status === 'rejected');
  const manifest: RunManifest = {
    formatVersion: RUN_FORMAT_VERSION,
    id: id ?? createRunId(name, now),
    kind,
    name,
    createdAt: now.toISOString(),
    file: insideWorkspace(file, workspace),
    config,
    configHash: createHash('sha256').update(canonicalJson(config)).digest('hex'),
    datasets: valueOf<DatasetFingerprint[]>(datasets) ?? [],
    ...present('model', valueOf(described)),
    ...present('git', valueOf(git)),
    versions: versions(),
    ...present('device', valueOf(device)),
    ...present('seed', seed),
    ...present('parent', parent),
  };
  return obstacle ? { manifest, obstacle: obstacle.reason } : { manifest };
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
