import type { MetricsAxis, MetricsCommand, MetricsPanelState } from '../../../protocol/webview.ts';
import type { PageTurn } from '../model.ts';
import type { RunsActions } from './runs-actions.ts';

/** What a person can do on the page. */
export interface PanelActions {
  command(command: MetricsCommand, runId: string): void;
  compare(): void;
  exportCsv(): void;
  /** Saves the picture of a chart, or of all of them below one another. */
  exportPicture(chart?: string): void;
  setAxis(axis: MetricsAxis): void;
  setSmoothing(weight: number): void;
  setLogScale(log: boolean): void;
  setLogX(log: boolean): void;
  setClip(clip: boolean): void;
  show(what: MetricsPanelState['show']): void;
  zoom(range: [number, number] | undefined): void;
  /** Shows what runs answered until a step; undefined for the newest, also as newer ones come. */
  showSamples(step: number | undefined): void;
  openPage(runId: string, page: number): void;
  turnPage(to: PageTurn): void;
  readonly runs: RunsActions;
}
