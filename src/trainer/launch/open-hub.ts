import type { CommandInput } from '../command-line/command.ts';
import type { Download } from '../hub/download.ts';
import { Hub } from '../hub/hub.ts';
import type { HubNotice } from '../hub/locate.ts';
import { ProgressMeter } from '../loop/progress.ts';
import { commandProgress } from '../terminal/command-progress.ts';
import { describeWarning } from '../terminal/describe-error.ts';

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
export async function fetchNow(input: CommandInput, hub: Hub, missing: readonly Download[]): Promise<void> {
  const total = missing.reduce((sum, { file }) => sum + file.size, 0);
  const meter = new ProgressMeter({ event: commandProgress(input, 'download') }, 'download', total, 0);
  try {
    await hub.download(missing, { onProgress: (done) => meter.update(done) });
  } finally {
    input.terminal.setBar('');
  }
}
