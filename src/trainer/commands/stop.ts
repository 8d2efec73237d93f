import { stopRun } from '../../runs/control-client.ts';
import { killRun, runEnds } from '../../runs/kill.ts';
import type { CommandInput } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit-codes.ts';
import { runOf } from '../command-line/run-argument.ts';
import { UsageError } from '../command-line/usage-error.ts';

/** `tunebook stop RUN`: asks a run to save a checkpoint and stop; with `--grace` it does not ask for ever. */
export async function stop(input: CommandInput): Promise<ExitCode> {
  const { flags, terminal } = input;
  const grace = secondsOf(flags.grace);
  const { id, dir } = runOf(input);
  await stopRun(dir, grace === undefined ? undefined : Math.max(1, Math.min(10, grace) * 1000));
  const next = `Next: tunebook resume ${id}   goes on where it stopped`;
  if (grace === undefined) {
    if (flags.json) terminal.printJson({ type: 'asked-to-stop', run: id, dir });
    else for (const line of [`${id} was asked to save a checkpoint and stop.`, next]) terminal.print(line);
    return EXIT.done;
  }
  const ended = await runEnds(dir, grace * 1000);
  if (!ended) killRun(dir);
  const words = ended ? 'has stopped' : `did not stop within ${grace} s and was ended at once`;
  if (flags.json) terminal.printJson({ type: ended ? 'stopped' : 'killed', run: id, dir });
  else for (const line of [`${id} ${words}.`, next]) terminal.print(line);
  return EXIT.done;
}

function secondsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (text.trim() === '' || !(seconds >= 0))
    throw new UsageError(`--grace takes a number of seconds, and ${JSON.stringify(text)} is none.`, 'stop');
  return seconds;
}
