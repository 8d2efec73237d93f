import type { TableScroll } from '../runs/visible.ts';
import type { BrushMove, Brushes } from '../runs/parallel.ts';
import type { RunsTableState } from '../../../protocol/webview.ts';

/** What a person can do with the table of runs and its parallel coordinates. */
export interface RunsActions {
  readonly setFilter: (filter: string) => void;
  readonly setValues: (values: RunsTableState['values']) => void;
  readonly sortBy: (column: string) => void;
  readonly toggle: (runId: string) => void;
  readonly pin: (runId: string) => void;
  readonly drawFitting: () => void;
  readonly drawAll: () => void;
  /** The keyboard is on the row of a run now. */
  /** The table was scrolled. */
  scroll: (to: TableScroll) => void;
  readonly activate: (runId: string) => void;
  readonly onKey: (event: KeyboardEvent) => void;
  readonly setBrush: (column: string, brush: Brushes[string] | undefined) => void;
  readonly stepBrush: (column: string, end: 0 | 1, move: BrushMove) => void;
  readonly setParallelMetric: (column: string) => void;
}
