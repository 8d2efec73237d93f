import type { ProgressEvent } from '../../protocol/events.ts';
import type { CommandInput } from '../command-line/command.ts';
import type { Download } from '../hub/download.ts';
import { Hub } from '../hub/hub.ts';
import type { HubNotice } from '../hub/locate.ts';
import { ProgressMeter } from '../loop/progress.ts';
import { describeWarning } from '../terminal/describe-error.ts';
import { progressBar, progressLine } from '../terminal/progress-bar.ts';
import { Pulse } from '../terminal/pulse.ts';

/** The Hub for a command, which tells its notices at once and keeps them for the log of a run. */
export function openHub({ terminal }: CommandInput, signal: AbortSignal): { hub: Hub; notices: HubNotice[] } {
  const notices: HubNotice[] = [];
  const onNotice = (notice: HubNotice) => {
    notices.push(notice);
    terminal.printError(describeWarning(notice, terminal.errorStyle));
  };
  return { hub: new Hub({ signal, onNotice }), notices };
}

/** Fetches files for a command that has no run directory: its progress is shown on the terminal, or told on the standard error. */
export async function fetchNow(
  { terminal, flags }: CommandInput,
  hub: Hub,
  missing: readonly Download[],
): Promise<void> {
  const total = missing.reduce((sum, { file }) => sum + file.size, 0);
  const pulse = new Pulse('download');
  const show = (event: ProgressEvent) => {
    if (terminal.interactive && !flags.json)
      terminal.setBar(progressBar(event, [], terminal.columns, terminal.style));
    else if (pulse.isDue(event)) terminal.printError(progressLine(event, []));
  };
  const meter = new ProgressMeter({ event: show }, 'download', total, 0);
  try {
    await hub.download(missing, { onProgress: (done) => meter.update(done) });
  } finally {
    terminal.setBar('');
  }
}
