import { TunebookError } from '../../../protocol/error.ts';
import type { RunSummary } from '../../../protocol/run.ts';
import type { Services } from '../../services.ts';
import { runsAmong } from '../../views/runs-view.ts';
import { pickRun } from '../pick-run.ts';

/**
 * The runs that a command is about: those that are selected in the view where the one that it was called on is among them, else
 * that one, else the one that the person picks.
 * @param args what a view gives: the row, and all rows that are selected
 * @throws TunebookError `run/none`
 */
export async function chosenRuns(
  services: Services,
  args: readonly unknown[],
  options: { title: string; none: string; among?: (run: RunSummary) => boolean },
): Promise<RunSummary[]> {
  const [row, rows] = args[0] === 'selection' ? fromKeyboard(services) : args;
  const selected = Array.isArray(rows) ? runsAmong(rows) : [];
  const ids = typeof row === 'string' && !selected.includes(row) ? runsAmong([row]) : selected;
  if (ids.length === 0) {
    const picked = await pickRun(services, undefined, options);
    return picked ? [picked] : [];
  }
  const found = ids.map((id) => services.store.get(id)).filter((run) => run !== undefined);
  const fitting = options.among ? found.filter(options.among) : found;
  if (fitting.length === 0) throw new TunebookError('run/none', options.none);
  return fitting;
}

/** A key is pressed on what is selected. */
function fromKeyboard({ selection }: Services): readonly unknown[] {
  const rows = selection();
  return [rows[0], rows];
}
