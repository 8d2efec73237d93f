import { resolve } from 'node:path';
import { checkProject } from '../../language/check.ts';
import { loadProject } from '../../language/load.ts';
import { documentsOf } from '../../language/notebook/cell-documents.ts';
import type { Project } from '../../language/project.ts';
import type { TuneFile } from '../../language/tree.ts';
import type { CommandInput } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit-codes.ts';
import { workspaceOf } from '../command-line/run-argument.ts';
import { UsageError } from '../command-line/usage-error.ts';
import { describeDiagnostics, summariseDiagnostics } from '../terminal/describe-diagnostics.ts';
import { CellRunner } from './cell-runner.ts';
import { NotebookFile } from './notebook-file.ts';
import { NotebookHost } from './notebook-host.ts';
import { pickCells } from './pick-cells.ts';
import { setFields } from './set-fields.ts';

/**
 * `tunebook run FILE.tunebook.md`: carries the cells out in their order and writes the result of each below it, up to the first that
 * fails. With a mistake in one of them nothing is started.
 * @throws TunebookError `config/…`, `notebook/…`
 */
export async function runNotebook(input: CommandInput): Promise<ExitCode> {
  const { flags, positionals, terminal } = input;
  if (flags.id !== undefined)
    throw new UsageError(
      '--id names one run, and a notebook makes several. Name the run behind the file.',
      'run',
    );
  const path = resolve(positionals[0] ?? '');
  const signal = input.interruption.toAbortSignal();
  const workspace = workspaceOf(input, path);
  const file = new NotebookFile(path, flags.output === undefined ? path : resolve(flags.output));
  const host = new NotebookHost(workspace, path, file.text());
  const before = await read(path, host);
  const picked = pickCells(before.file, flags.cell);
  if (flags.set) {
    const asked = new Set(picked.flatMap((cell) => documentsOf(before.file, cell).map(({ index }) => index)));
    host.text = setFields(path, host.text, flags.set, ({ index }) => asked.has(index));
  }
  const { project, file: parsed } = await read(path, host);
  const cells = pickCells(parsed, flags.cell);
  const documents = cells.flatMap((cell) => documentsOf(parsed, cell));
  const diagnostics = await checkProject(project, [path], host, {
    signal,
    ...(flags.cell !== undefined && { documents }),
  });
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (flags.json) for (const each of errors) terminal.printJson({ type: 'diagnostic', ...each });
  const serious = diagnostics.filter(({ severity }) => severity !== 'information');
  if (serious.length > 0) {
    terminal.printError(`${await describeDiagnostics(serious, { style: terminal.errorStyle, project })}\n`);
  }
  if (errors.length > 0) {
    terminal.printError(`${summariseDiagnostics(diagnostics, [path])}. Nothing was started.`);
    return EXIT.wrongInput;
  }
  const runner = new CellRunner({ input, file, host, workspace, signal });
  const code = await runner.runAll(cells.map(({ index }) => index));
  runner.finish();
  return code;
}

async function read(path: string, host: NotebookHost): Promise<{ project: Project; file: TuneFile }> {
  const project = await loadProject([path], host);
  const file = project.files.get(path);
  if (!file) throw new Error(`${path} was read and is not there`);
  return { project, file };
}
