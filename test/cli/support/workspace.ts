import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEvent } from '../../../src/runs/parse-event.ts';
import type { RunEvent } from '../../../src/protocol/events.ts';
import { readManifest, readRun } from '../../../src/runs/read.ts';
import type { RunManifest, RunSummary } from '../../../src/protocol/run.ts';
import { holdsAfter, type HoldOptions } from '../../support/hold.ts';
import { tunebook, Tunebook, type Ended } from './tunebook.ts';

const FIXTURE = fileURLToPath(new URL('../../fixtures/parity/bert-classifier', import.meta.url));

/** What a test changes of the config; each part is a document's own fields. */
export interface ConfigFields {
  dataset?: object;
  model?: object;
  data?: object;
  train?: object;
  target?: object;
  method?: object;
}

/** A temporary folder with a tiny model, data and a config, and with locks and sockets of its own. */
export class Workspace {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'tunebook-cli-'));
    this.env = { TUNEBOOK_RUNTIME_DIR: this.path('runtime'), GIT_CEILING_DIRECTORIES: tmpdir() };
    cpSync(FIXTURE, this.path('model'), { recursive: true });
    mkdirSync(this.path('data'));
    for (const name of ['train.csv', 'test.csv']) cpSync(join(FIXTURE, name), this.path('data', name));
    // The fixture's only row that both splits hold, which a check would tell.
    const held = readFileSync(this.path('data', 'test.csv'), 'utf8');
    this.write('data/test.csv', held.replace('\nli li li,charlie', '\nli li li li li li li,charlie'));
    // So that runs come to lie here whatever lies above.
    mkdirSync(this.path('.tunebook'));
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  write(name: string, content: string | Uint8Array): string {
    writeFileSync(this.path(name), content);
    return this.path(name);
  }

  /** Writes `intents.tune.yaml`: a data set and a run of a few steps, with the changes of a test. */
  config(fields: ConfigFields = {}, more: readonly object[] = []): string {
    const documents = [
      {
        dataset: 'rows',
        files: { train: 'data/train.csv', test: 'data/test.csv' },
        format: 'classification',
        columns: { text: 'text', label: 'label' },
        ...fields.dataset,
      },
      {
        run: 'tiny',
        model: { base: 'model', task: 'text-classification', num_labels: 5, ...fields.model },
        data: { train: 'rows.train', max_length: 32, ...fields.data },
        ...(fields.method ? { method: fields.method } : {}),
        train: { max_steps: 6, per_device_train_batch_size: 8, ...fields.train },
        target: { local: { device: 'cpu', threads: 2, ...fields.target } },
      },
      ...more,
    ];
    // Every JSON document is a YAML document.
    return this.write(
      'intents.tune.yaml',
      documents.map((document) => `${JSON.stringify(document, undefined, 2)}\n`).join('---\n'),
    );
  }

  /** Runs a command to its end. */
  run(...args: string[]): Promise<Ended> {
    return tunebook(args, { cwd: this.folder, env: this.env });
  }

  /** Starts a command. */
  start(...args: string[]): Tunebook {
    return new Tunebook(args, { cwd: this.folder, env: this.env });
  }

  /** Starts a command that stands still once it has printed such words, until it is told to go on or killed. */
  startHeld(words: RegExp, args: readonly string[], options?: HoldOptions): Tunebook {
    const env = { ...this.env, NODE_OPTIONS: holdsAfter(words, options) };
    return new Tunebook(args, { cwd: this.folder, env });
  }

  /** The run directories, oldest first, and whatever else lies beside them. Ids of one second do not say which is older. */
  runs(folder = this.path('.tunebook', 'runs')): string[] {
    try {
      const dirs = readdirSync(folder).map((name) => join(folder, name));
      const ages = new Map(dirs.map((dir) => [dir, `${readManifest(dir).manifest?.createdAt} ${dir}`]));
      return dirs.sort((a, b) => ((ages.get(a) ?? '') < (ages.get(b) ?? '') ? -1 : 1));
    } catch {
      return [];
    }
  }

  /** The only run there is. */
  onlyRun(): string {
    const [only, second] = this.runs();
    if (only === undefined || second !== undefined)
      throw new Error(`there are ${this.runs().length} runs, not one`);
    return only;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A workspace for each test of the enclosing `describe`. */
export function workspace(): { readonly at: Workspace } {
  let current: Workspace | undefined;
  beforeEach(() => {
    current = new Workspace();
  });
  afterEach(() => current?.remove());
  return {
    get at() {
      if (!current) throw new Error('only inside of a test');
      return current;
    },
  };
}

/** Every event of a run, each of its lines a whole one. */
export function eventsOf(dir: string): RunEvent[] {
  const lines = readFileSync(join(dir, 'events.jsonl'), 'utf8').split('\n');
  return lines.slice(0, -1).map((line) => {
    const event = parseEvent(line);
    if (typeof event !== 'object') throw new Error(`not an event: ${line}`);
    return event;
  });
}

/** The states of a run, one after the other; the same state again counts once. */
export function statesOf(dir: string): string[] {
  const states = eventsOf(dir).flatMap((event) => (event.type === 'state' ? [event.state] : []));
  return states.filter((state, index) => state !== states[index - 1]);
}

/** The training loss of every step. */
export function lossesOf(dir: string): unknown[] {
  return eventsOf(dir).flatMap((event) =>
    event.type === 'metrics' && event.split === 'train' ? [[event.step, event.values['loss']]] : [],
  );
}

export function manifestOf(dir: string): RunManifest {
  // SAFETY: what it holds is asserted by the tests.
  return JSON.parse(readFileSync(join(dir, 'run.json'), 'utf8')) as RunManifest;
}

export function summaryOf(dir: string): RunSummary {
  return readRun(dir);
}

/** A data file with so many rows that reading it takes a while. */
export function manyRows(count: number): string {
  const words = ['lo', 'tu', 'na', 'pe', 'ri', 'go', 'te', 'fo'];
  const labels = ['alpha', 'bravo', 'charlie', 'delta', 'echo'];
  const rows = Array.from({ length: count }, (_, index) => {
    const text = Array.from(
      { length: 12 },
      (_, place) => words[(index * 7 + place * (index % 5)) % words.length],
    );
    return `${text.join(' ')},${labels[index % labels.length]}`;
  });
  return `text,label\n${rows.join('\n')}\n`;
}
