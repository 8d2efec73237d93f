import { relative } from 'node:path';
import { exportOutput } from '../../language/notebook/output/export-output.ts';
import type { CommandInput } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit-codes.ts';
import { exportDocument } from '../launch/export-document.ts';
import { openChecked } from '../launch/open-checked.ts';

/** `tunebook export FILE [NAME]`: writes the folder that an `export:` document asks for. */
export async function exportCommand(input: CommandInput): Promise<ExitCode> {
  const { flags, terminal, interruption } = input;
  const signal = interruption.toAbortSignal();
  const config = await openChecked(input, 'export', signal);
  if (!config) return EXIT.wrongInput;
  const written = await exportDocument(input, config, signal);
  if (flags.json) terminal.printJson(written);
  else terminal.print(exportOutput(written, relative(process.cwd(), written.folder) || '.'));
  return EXIT.done;
}
