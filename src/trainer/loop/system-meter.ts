import { execFile } from 'node:child_process';
import type { RunEventBody } from '../../protocol/events.ts';
import { toWire } from '../../protocol/numbers.ts';

/** Milliseconds between two events: what is measured changes slowly. */
const INTERVAL = 5000;
/** What `nvidia-smi` is given to answer, in milliseconds. */
const PATIENCE = 30_000;
const MEGABYTE = 2 ** 20;

export interface SystemMeterOptions {
  write: (event: RunEventBody) => void;
  /** `cpu`, `webgpu`, `cuda`, …: of a CPU no graphics card is asked. */
  device: string;
  interval?: number;
}

/** Writes `system` events: what the process of a run takes of its machine. It is asked between steps, and has no timer. */
export class SystemMeter {
  readonly #write: SystemMeterOptions['write'];
  readonly #interval: number;
  #asksGpu: boolean;
  #isAsking = false;
  #gpu: Record<string, number> = {};
  #at = performance.now();
  #used = process.cpuUsage();

  constructor({ write, device, interval = INTERVAL }: SystemMeterOptions) {
    this.#write = write;
    this.#interval = interval;
    this.#asksGpu = device !== 'cpu';
    this.#askGpu();
  }

  /** Says that a step is done. */
  update(step: number): void {
    const elapsed = performance.now() - this.#at;
    if (elapsed < this.#interval) return;
    const { user, system } = process.cpuUsage(this.#used);
    this.#at += elapsed;
    this.#used = process.cpuUsage();
    const values = {
      cpu_percent: ((user + system) / 1000 / elapsed) * 100,
      memory_megabytes: process.memoryUsage.rss() / MEGABYTE,
      ...this.#gpu,
    };
    this.#write({
      type: 'system',
      step,
      values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, toWire(value)])),
    });
    this.#askGpu();
  }

  /** The answer comes between two later steps, and stands in the next event. One that is slow is waited for. A machine without `nvidia-smi` is asked once. */
  #askGpu(): void {
    if (!this.#asksGpu || this.#isAsking) return;
    this.#isAsking = true;
    const query = ['--query-gpu=utilization.gpu,memory.used', '--format=csv,noheader,nounits'];
    execFile('nvidia-smi', query, { timeout: PATIENCE }, (error, output) => {
      this.#isAsking = false;
      this.#asksGpu &&= error === null || error.killed === true;
      this.#gpu = error ? {} : readGpus(output);
    }).unref();
  }
}

/**
 * What `nvidia-smi --query-gpu=utilization.gpu,memory.used --format=csv,noheader,nounits` says, a line a card: percent and MiB.
 * Of several cards the one with most memory in use counts: a run has one. What a card does not tell (`[N/A]`) is left out.
 */
export function readGpus(output: string): Record<string, number> {
  const cards = output.split('\n').flatMap((line) => {
    const [percent, memory] = line.split(',').map((field) => (field.trim() === '' ? NaN : Number(field)));
    return percent === undefined || memory === undefined ? [] : [{ percent, memory }];
  });
  const [card] = cards.sort((a, b) => (b.memory || 0) - (a.memory || 0));
  const values = { gpu_percent: card?.percent ?? NaN, gpu_memory_megabytes: card?.memory ?? NaN };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => Number.isFinite(value)));
}
