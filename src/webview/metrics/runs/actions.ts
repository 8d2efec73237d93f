import type { PanelModel } from '../model.ts';
import type { RunsActions } from '../view/runs-actions.ts';
import {
  drawAll,
  drawFitting,
  drawOnly,
  moveRow,
  overviewOf,
  setBrush,
  setFilter,
  setParallelMetric,
  sortBy,
  stepBrush,
  toggleRun,
} from './model.ts';

/** What the actions reach outside of themselves. */
export interface Page {
  /** The model of now: keys come faster than frames, and each counts from where the one before has left it. */
  model(): PanelModel;
  change(part: Partial<PanelModel>): void;
  /** Puts the focus on the row that the keyboard is on, when it is drawn. */
  focusRow(): void;
  command(command: 'pin' | 'unpin' | 'remove', runId: string): void;
}

/** What a person can do with the table of runs. */
export function runsActions(page: Page): RunsActions {
  const change = (by: (model: PanelModel) => PanelModel) => page.change(by(page.model()));
  const pin = (id: string) => {
    const row = overviewOf(page.model()).table.rows.find((one) => one.id === id);
    page.command(row?.isPinned ? 'unpin' : 'pin', id);
  };
  const move = (by: number) => {
    change((model) => moveRow(model, by));
    page.focusRow();
  };
  const keys: Record<string, (id: string) => void> = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    PageDown: () => move(10),
    PageUp: () => move(-10),
    Home: () => move(-Infinity),
    End: () => move(Infinity),
    ' ': (id) => change((model) => toggleRun(model, id)),
    o: (id) => change((model) => drawOnly(model, id)),
    p: pin,
    Delete: (id) => page.command('remove', id),
  };
  return {
    setFilter: (filter) => change((model) => setFilter(model, filter)),
    setValues: (values) => {
      const { values: _, ...rest } = page.model().runsTable;
      page.change({ runsTable: values ? { ...rest, values } : rest });
    },
    sortBy: (column) => change((model) => sortBy(model, column)),
    toggle: (id) => change((model) => toggleRun(model, id)),
    pin,
    drawFitting: () => change(drawFitting),
    drawAll: () => change(drawAll),
    scroll: (runsScroll) => page.change({ runsScroll }),
    activate: (activeRun) => page.change({ activeRun }),
    onKey: (event) => {
      const { target } = event;
      const isRow = target instanceof HTMLElement && target.dataset['run'] !== undefined;
      const action = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      const id = page.model().activeRun;
      if (!isRow || !action || id === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      action(id);
    },
    setBrush: (column, brush) => change((model) => setBrush(model, column, brush)),
    stepBrush: (column, end, to) => change((model) => stepBrush(model, column, end, to)),
    setParallelMetric: (column) => change((model) => setParallelMetric(model, column)),
  };
}
