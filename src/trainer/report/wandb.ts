import { createHash } from 'node:crypto';
import { appendFileSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { RunManifest } from '../../protocol/run.ts';
import { fromWire } from '../../protocol/numbers.ts';
import { ProtobufWriter } from '../graph/protobuf.ts';
import { flatten } from './flatten.ts';
import type { ReportSink, TimedMetrics } from './metrics-reporter.ts';
import { makeFolder } from '../../runs/make-folder.ts';

/** Bytes of a block of the log, and of the head of a piece of a record. */
const [BLOCK, HEAD] = [32 * 1024, 7];
/** Kinds of pieces: a whole record, its first, a middle, or its last. */
const [FULL, FIRST, MIDDLE, LAST] = [1, 2, 3, 4];

/**
 * Writes `wandb/offline-run-<time>-<id>/run-<id>.wandb` in a run directory: `wandb sync` uploads it. The file is LevelDB's log format
 * with wandb's own head and plain CRC-32 (wandb/sdk/internal/datastore.py), and holds messages of wandb_internal.proto.
 */
export class WandbSink implements ReportSink {
  readonly name = 'wandb';
  readonly #folder: string;
  readonly #manifest: RunManifest;
  readonly #id: string;
  #file = '';
  #position = 0;
  #record = 0;
  #started = 0;
  #last: Record<string, unknown> = {};

  constructor(dir: string, manifest: RunManifest) {
    this.#folder = join(dir, 'wandb');
    this.#manifest = manifest;
    this.#id = createHash('sha256').update(manifest.id).digest('hex').slice(0, 8);
  }

  begin(): void {
    rmSync(this.#folder, { recursive: true, force: true });
    const stamp = this.#manifest.createdAt.replace(/[-:]/g, '').replace('T', '_').slice(0, 15);
    const run = join(this.#folder, `offline-run-${stamp}-${this.#id}`);
    makeFolder(join(run, 'files'));
    this.#file = join(run, `run-${this.#id}.wandb`);
    this.#started = Date.parse(this.#manifest.createdAt) / 1000;
    // ":W&B", 0xBEE1, version 0.
    this.#append(Uint8Array.of(0x3a, 0x57, 0x26, 0x42, 0xe1, 0xbe, 0));
    this.#write((record) => record.message(17, (run) => this.#describe(run)));
  }

  write({ step, epoch, values, time }: TimedMetrics): void {
    const seconds = Date.parse(time) / 1000;
    const numbers = Object.entries(values).map(([name, value]) => [nameOf(name), fromWire(value)] as const);
    const items: Record<string, unknown> = {
      ...Object.fromEntries(numbers),
      'train/epoch': epoch,
      'train/global_step': step,
      _step: step,
      _timestamp: seconds,
      _runtime: seconds - this.#started,
    };
    Object.assign(this.#last, items);
    this.#write((record) =>
      record.message(2, (history) => {
        for (const [key, value] of Object.entries(items))
          history.message(1, (item) => entry(item, key, value));
        history.message(2, (number) => number.int(1, step));
      }),
    );
  }

  end(state: 'finished' | 'stopped' | 'failed'): void {
    this.#write((record) =>
      record.message(3, (summary) => {
        for (const [key, value] of Object.entries(this.#last))
          summary.message(1, (item) => entry(item, key, value));
      }),
    );
    this.#write((record) => record.message(18, (exit) => exit.int(1, state === 'failed' ? 1 : 0)));
  }

  /** RunRecord: run_id 1, project 3, config 4, display_name 8, host 13, start_time 17. */
  #describe(run: ProtobufWriter): void {
    const { name, config, createdAt } = this.#manifest;
    run.string(1, this.#id);
    run.string(3, 'tunebook');
    run.message(4, (record) => {
      for (const [key, value] of Object.entries(flatten(config)))
        record.message(1, (item) => entry(item, key, value));
    });
    run.string(8, name);
    run.string(13, hostname());
    run.message(17, (time) => {
      time.int(1, Math.floor(Date.parse(createdAt) / 1000));
      time.int(2, (Date.parse(createdAt) % 1000) * 1e6);
    });
  }

  /** A Record with its number, cut into pieces where it does not fit into what is left of the block. */
  #write(fill: (record: ProtobufWriter) => void): void {
    const writer = new ProtobufWriter();
    writer.int(1, ++this.#record);
    fill(writer);
    let rest = writer.finish();
    for (let first = true; ; first = false) {
      const left = BLOCK - (this.#position % BLOCK);
      if (left < HEAD) {
        this.#append(new Uint8Array(left));
        continue;
      }
      const part = rest.subarray(0, left - HEAD);
      rest = rest.subarray(part.length);
      const whole = rest.length === 0;
      const kind = first ? (whole ? FULL : FIRST) : whole ? LAST : MIDDLE;
      this.#append(piece(kind, part));
      if (whole) return;
    }
  }

  #append(bytes: Uint8Array): void {
    appendFileSync(this.#file, bytes);
    this.#position += bytes.length;
  }
}

/** CRC-32 of kind and data, their length, the kind, the data. */
function piece(kind: number, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEAD + data.length);
  const view = new DataView(bytes.buffer);
  bytes[6] = kind;
  bytes.set(data, HEAD);
  view.setUint32(0, crc32(bytes.subarray(6)), true);
  view.setUint16(4, data.length, true);
  return bytes;
}

/** A HistoryItem, SummaryItem or ConfigItem: key 1, value_json 16. JSON as Python reads it: with NaN and Infinity. */
function entry(item: ProtobufWriter, key: string, value: unknown): void {
  item.string(1, key);
  const json = typeof value === 'number' && !Number.isFinite(value) ? String(value) : JSON.stringify(value);
  item.string(16, json);
}

/** As transformers' WandbCallback has it. */
function nameOf(metric: string): string {
  return metric.startsWith('eval_') ? `eval/${metric.slice('eval_'.length)}` : `train/${metric}`;
}
