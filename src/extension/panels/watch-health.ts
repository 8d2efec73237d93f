import { statfsSync } from 'node:fs';
import { join } from 'node:path';
import type { RunSummary } from '../../protocol/run.ts';
import type { RunNotice } from '../../protocol/webview.ts';
import { folderBytes } from '../../runs/folder-bytes.ts';
import { findAlerts } from './history/alerts.ts';
import type { History } from './history/history.ts';

/** Milliseconds between two looks at a run: what is looked for comes slowly. */
const INTERVAL = 5000;

/** Looks after one run that a panel follows. It looks when it is asked, and has no timer. */
export class HealthWatch {
  readonly #dir: string;
  #looked = -Infinity;
  #alerts: RunNotice[] = [];
  #checkpoint: { path: string; bytes: number } | undefined;

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** What a person should look at now. `now` is in ms since the epoch. */
  look(history: History, summary: RunSummary, now: number = Date.now()): readonly RunNotice[] {
    if (Math.abs(now - this.#looked) < INTERVAL) return this.#alerts;
    this.#looked = now;
    const rate = summary.progress?.rate;
    this.#alerts = findAlerts({
      training: summary.state === 'running',
      loss: history.stretches,
      evalLoss: history.evalLosses,
      silence: history.lastMoment === undefined ? 0 : now - history.lastMoment,
      stepTime: rate === undefined || rate <= 0 ? 0 : 1000 / rate,
      ...this.#disk(summary),
    });
    return this.#alerts;
  }

  #disk({ checkpoint }: RunSummary): { free?: number; checkpoint?: number } {
    if (!checkpoint) return {};
    if (this.#checkpoint?.path !== checkpoint.path)
      this.#checkpoint = { path: checkpoint.path, bytes: folderBytes(join(this.#dir, checkpoint.path)) };
    try {
      const { bavail, bsize } = statfsSync(this.#dir);
      return { free: bavail * bsize, checkpoint: this.#checkpoint.bytes };
    } catch {
      // The folder is going away; that is said elsewhere.
      return {};
    }
  }
}
