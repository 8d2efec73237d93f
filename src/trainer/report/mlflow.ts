import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { stringify } from 'yaml';
import type { RunManifest } from '../../protocol/run.ts';
import { fromWire } from '../../protocol/numbers.ts';
import { writeFileAtomic } from '../../runs/atomic.ts';
import type { ReportSink, TimedMetrics } from './metrics-reporter.ts';
import { flatten } from './flatten.ts';
import { makeFolder } from '../../runs/make-folder.ts';

/** mlflow.entities.RunStatus. */
const STATUS = { running: 1, finished: 3, failed: 4, stopped: 5 } as const;
/** mlflow.entities.SourceType.LOCAL. */
const LOCAL = 4;
/** The experiment of every run: the one that MLflow itself begins with. */
const EXPERIMENT = '0';
/** mlflow.utils.validation.MAX_PARAM_VAL_LENGTH. */
const LONGEST_PARAMETER = 6000;

/**
 * Writes a run into `.tunebook/mlruns`, in the layout of MLflow's FileStore: `MLFLOW_ALLOW_FILE_STORE=true mlflow ui --backend-store-uri .tunebook/mlruns` shows all
 * runs beside each other. Metrics have the names that transformers' MLflowCallback gives them, parameters those of the config.
 */
export class MlflowSink implements ReportSink {
  readonly name = 'mlflow';
  readonly #store: string;
  readonly #folder: string;
  readonly #manifest: RunManifest;
  readonly #id: string;

  constructor(dir: string, manifest: RunManifest) {
    this.#store = join(dirname(dirname(dir)), 'mlruns');
    this.#manifest = manifest;
    // Run ids of MLflow are 32 hex digits; the same run has the same one in its next life.
    this.#id = createHash('sha256').update(manifest.id).digest('hex').slice(0, 32);
    this.#folder = join(this.#store, EXPERIMENT, this.#id);
  }

  begin(): void {
    this.#beginExperiment();
    rmSync(this.#folder, { recursive: true, force: true });
    for (const part of ['metrics', 'params', 'tags', 'artifacts']) makeFolder(join(this.#folder, part));
    this.#writeMeta('running');
    const { name, id, git, config } = this.#manifest;
    writeFileSync(join(this.#folder, 'tags', 'mlflow.runName'), name);
    writeFileSync(join(this.#folder, 'tags', 'tunebook.run'), id);
    if (git) writeFileSync(join(this.#folder, 'tags', 'mlflow.source.git.commit'), git.commit);
    for (const [path, value] of Object.entries(flatten(config)))
      writeFileSync(join(this.#folder, 'params', path), String(value).slice(0, LONGEST_PARAMETER));
  }

  write({ step, values, time }: TimedMetrics): void {
    for (const [name, value] of Object.entries(values)) {
      const number = fromWire(value);
      // Python's float reads `nan` and `inf` in any case, but not `Infinity` after a sign that is missing.
      const word = Number.isFinite(number)
        ? String(number)
        : Number.isNaN(number)
          ? 'nan'
          : number > 0
            ? 'inf'
            : '-inf';
      appendFileSync(join(this.#folder, 'metrics', name), `${Date.parse(time)} ${word} ${step}\n`);
    }
  }

  end(state: 'finished' | 'stopped' | 'failed'): void {
    this.#writeMeta(state);
  }

  #beginExperiment(): void {
    const meta = join(this.#store, EXPERIMENT, 'meta.yaml');
    if (existsSync(meta)) return;
    makeFolder(dirname(meta));
    const now = Date.now();
    const experiment = {
      artifact_location: pathToFileURL(join(this.#store, EXPERIMENT)).href,
      creation_time: now,
      experiment_id: EXPERIMENT,
      last_update_time: now,
      lifecycle_stage: 'active',
      name: 'Default',
    };
    writeFileAtomic(
      meta,
      stringify(experiment, { defaultStringType: 'QUOTE_SINGLE', defaultKeyType: 'PLAIN' }),
    );
  }

  #writeMeta(state: keyof typeof STATUS): void {
    const { name, createdAt } = this.#manifest;
    const meta = {
      artifact_uri: pathToFileURL(join(this.#folder, 'artifacts')).href,
      end_time: state === 'running' ? null : Date.now(),
      entry_point_name: '',
      experiment_id: EXPERIMENT,
      lifecycle_stage: 'active',
      run_id: this.#id,
      run_name: name,
      run_uuid: this.#id,
      source_name: 'tunebook',
      source_type: LOCAL,
      source_version: '',
      start_time: Date.parse(createdAt),
      status: STATUS[state],
      tags: [],
      user_id: userInfo().username,
    };
    const path = join(this.#folder, 'meta.yaml');
    writeFileAtomic(path, stringify(meta, { defaultStringType: 'QUOTE_SINGLE', defaultKeyType: 'PLAIN' }));
  }
}
