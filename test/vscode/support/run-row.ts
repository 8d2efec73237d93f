import type { Workbench } from './workbench.ts';
import { PATIENCE, until } from './until.ts';

/** A row of the Runs view, as its label tells it to a screen reader: `run NAME, STATE, what stands beside the name`. */
export interface RunRow {
  state: string;
  /** Whole percents of the training, while it goes on. */
  percent?: number;
  label: string;
}

/** Reads the row of the newest run of a name; undefined while there is none. */
export async function readRow(window: Workbench, name: string): Promise<RunRow | undefined> {
  const row = window.run(name).first();
  if ((await row.count()) === 0) return undefined;
  const label = (await row.getAttribute('aria-label')) ?? '';
  const [, state = '', rest = ''] = /^\w+ [^,]+, (\w+), (.*)$/s.exec(label) ?? [];
  const percent = /^(\d+) %/.exec(rest);
  return { state, label, ...(percent ? { percent: Number(percent[1]) } : {}) };
}

/** Waits until the newest run of a name is as asked. */
export async function rowThat(
  window: Workbench,
  name: string,
  is: (row: RunRow) => boolean,
  what: string,
  seconds = PATIENCE,
): Promise<RunRow> {
  return until(
    `the row of ${name} ${what}`,
    async () => {
      const row = await readRow(window, name);
      return row && is(row) ? row : undefined;
    },
    seconds,
    async () => `It reads: ${(await readRow(window, name))?.label ?? 'nothing'}`,
  );
}
