import type { CommandInput } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit-codes.ts';
import { UsageError } from '../command-line/usage-error.ts';
import { servePlayground } from '../playground/serve-playground.ts';

/** `tunebook playground --stdio`: candidates answer what the playground of an editor asks, until the other end hangs up. */
export async function playground({ flags }: CommandInput): Promise<ExitCode> {
  if (!flags.stdio)
    throw new UsageError(
      '`tunebook playground` needs --stdio: it talks to an editor. In a terminal `tunebook generate MODEL --prompt TEXT` asks a model.',
      'playground',
    );
  await servePlayground(process.stdin, process.stdout);
  return EXIT.done;
}
