import type { RunEvent } from './events.ts';
import type { RunSummary } from './run.ts';
import type { EvaluationResult } from './evaluation.ts';

/** Messages between the extension host and the metrics panel. Each side handles every member of its union. */

export type ToMetricsPanel =
  | { type: 'runs'; runs: RunSummary[] }
  | { type: 'events'; runId: string; reset: boolean; events: RunEvent[] }
  | { type: 'evaluation'; runId: string; result: EvaluationResult };

export type FromMetricsPanel =
  | { type: 'ready' }
  | { type: 'select'; runIds: string[] }
  | { type: 'command'; command: 'stop' | 'openFolder' | 'showLog'; runId: string };

/** What survives a reload of the window. */
export interface MetricsPanelState {
  runIds: string[];
  smoothing: number;
  logScale: boolean;
}
