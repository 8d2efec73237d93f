import type { CommandInput } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit-codes.ts';
import { UsageError } from '../command-line/usage-error.ts';
import { serveInspect } from '../inspect.ts';

/** `tunebook inspect --stdio`: answers questions about data and models until the other end hangs up. */
export async function inspect({ flags }: CommandInput): Promise<ExitCode> {
  if (!flags.stdio)
    throw new UsageError(
      '`tunebook inspect` talks over the standard input and output: add --stdio.',
      'inspect',
    );
  await serveInspect(process.stdin, process.stdout);
  return EXIT.done;
}
