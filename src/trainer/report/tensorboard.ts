import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fromWire } from '../../protocol/numbers.ts';
import type { ReportSink, TimedMetrics } from './metrics-reporter.ts';
import { fileVersion, scalars } from './tfevents.ts';

/** Where TensorBoard's files lie in a run directory: `tensorboard --logdir .tunebook/runs` finds those of all runs. */
export const TENSORBOARD_FOLDER = 'tensorboard';

/** Writes `tensorboard/events.out.tfevents.…` in a run directory, with the tags of transformers' TensorBoardCallback. */
export class TensorBoardSink implements ReportSink {
  readonly name = 'tensorboard';
  readonly #folder: string;
  #file = '';

  constructor(dir: string) {
    this.#folder = join(dir, TENSORBOARD_FOLDER);
  }

  begin(): void {
    rmSync(this.#folder, { recursive: true, force: true });
    mkdirSync(this.#folder);
    const seconds = Date.now() / 1000;
    const name = `events.out.tfevents.${Math.floor(seconds)}.${hostname()}.${process.pid}.0`;
    this.#file = join(this.#folder, name);
    appendFileSync(this.#file, fileVersion(seconds));
  }

  write({ step, epoch, values, time }: TimedMetrics): void {
    const tagged = Object.entries(values).map(([name, value]) => [tagOf(name), fromWire(value)] as const);
    const all = Object.fromEntries<number>([...tagged, ['train/epoch', epoch]]);
    appendFileSync(this.#file, scalars(step, Date.parse(time) / 1000, all));
  }

  end(): void {
    // Every record is whole as it stands.
  }
}

/** As `transformers.integrations.rewrite_logs` has it: `loss` → `train/loss`, `eval_loss` → `eval/loss`. */
function tagOf(metric: string): string {
  return metric.startsWith('eval_') ? `eval/${metric.slice('eval_'.length)}` : `train/${metric}`;
}
