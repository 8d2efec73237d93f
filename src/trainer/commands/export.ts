import { relative } from 'node:path';
import { exportOutput } from '../../language/notebook/output/export-output.ts';
import { resolveExport } from '../../language/resolve.ts';
import type { CommandInput } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit-codes.ts';
import { exportModel } from '../export/export-model.ts';
import { openChecked } from '../launch/open-checked.ts';

/** `tunebook export FILE [NAME]`: writes the folder that an `export:` document asks for. */
export async function exportCommand(input: CommandInput): Promise<ExitCode> {
  const { flags, terminal, interruption } = input;
  const config = await openChecked(input, 'export', interruption.toAbortSignal());
  if (!config) return EXIT.wrongInput;
  const written = await exportModel(resolveExport(config.project, config.document), config.workspace);
  if (flags.json) terminal.printJson(written);
  else terminal.print(exportOutput(written, relative(process.cwd(), written.folder) || '.'));
  return EXIT.done;
}
