import type { ProgressEvent } from '../../protocol/events.ts';
import type { CommandInput } from '../command-line/command.ts';
import { isOpenEnded, progressBar, progressLine } from './progress-bar.ts';
import { Pulse } from './pulse.ts';

/**
 * Shows the progress of a command that has no run directory: a bar on a terminal, else a line now and then on the standard error.
 * Who ends the work takes the bar away: `terminal.setBar('')`.
 * @param main whose every tenth is worth a line; other phases have one every ten seconds
 */
export function commandProgress(
  { terminal, flags }: Pick<CommandInput, 'terminal' | 'flags'>,
  main: ProgressEvent['phase'],
): (event: ProgressEvent) => void {
  const pulse = new Pulse(main);
  return (event) => {
    if (terminal.interactive && !flags.json)
      terminal.setBar(progressBar(event, [], terminal.columns, terminal.style));
    else if (!isOpenEnded(event) && pulse.isDue(event)) terminal.printError(progressLine(event, []));
  };
}
