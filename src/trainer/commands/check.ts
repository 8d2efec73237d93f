import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checkProject } from '../../language/check.ts';
import { isConfigPath, loadProject } from '../../language/load.ts';
import { isNotebookPath } from '../../language/notebook/notebook-path.ts';
import { TunebookError } from '../../protocol/error.ts';
import type { CommandInput } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit-codes.ts';
import { staleProblems } from '../../language/notebook/stale-problems.ts';
import { findWorkspace } from '../../runs/workspace.ts';
import { readStatuses } from '../notebook/statuses.ts';
import { UsageError } from '../command-line/usage-error.ts';
import { DiskHost } from '../host.ts';
import { toSarif } from '../terminal/sarif.ts';
import { describeDiagnostics, summariseDiagnostics } from '../terminal/describe-diagnostics.ts';

/** `tunebook check FILE…`: says everything that is wrong with configs, their data and their models. */
export async function check({ positionals, flags, terminal, interruption }: CommandInput): Promise<ExitCode> {
  if (flags.json && flags.sarif) throw new UsageError('Take one of --json and --sarif.', 'check');
  const signal = interruption.toAbortSignal();
  const files = [...new Set(positionals.flatMap(configsAt))];
  const host = new DiskHost(flags.workspace === undefined ? undefined : resolve(flags.workspace));
  const project = await loadProject(files, host);
  const diagnostics = await checkProject(project, files, host, { signal });
  for (const file of files) {
    const parsed = project.files.get(file);
    if (!parsed?.notebook) continue;
    const workspace = flags.workspace === undefined ? findWorkspace(file) : resolve(flags.workspace);
    diagnostics.push(
      ...staleProblems(parsed, await readStatuses(project, parsed, { workspace, diagnostics })),
    );
  }
  if (flags.json) for (const diagnostic of diagnostics) terminal.printJson(diagnostic);
  else if (flags.sarif) terminal.printJson(toSarif(diagnostics, process.cwd()));
  else {
    if (diagnostics.length > 0)
      terminal.print(`${await describeDiagnostics(diagnostics, { style: terminal.style, project })}\n`);
    terminal.print(`${summariseDiagnostics(diagnostics, files)}.`);
  }
  return diagnostics.some(({ severity }) => severity === 'error') ? EXIT.wrongInput : EXIT.done;
}

/** A file as it is, also one that is missing: the check says so. Of a folder every config and notebook in it. */
function configsAt(argument: string): string[] {
  const path = resolve(argument);
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [path];
  const names = readdirSync(path).filter((name) => isConfigPath(name) || isNotebookPath(name));
  if (names.length > 0) return names.sort().map((name) => join(path, name));
  throw new TunebookError('config/none', `${argument} holds no *.tune.yaml and no *.tunebook.md file.`, {
    hint: 'Name a config file, or the folder that holds some.',
    location: { file: path },
  });
}
