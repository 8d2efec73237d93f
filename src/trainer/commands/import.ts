import { existsSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { checkProject } from '../../language/check.ts';
import { TOOLS, type Imported, type Tool } from '../../language/import/import-config.ts';
import { importFile } from '../../language/import/import-file.ts';
import { loadProject } from '../../language/load.ts';
import { formatLocation, TunebookError } from '../../protocol/error.ts';
import { writeFileAtomic } from '../../runs/atomic.ts';
import type { CommandInput } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit-codes.ts';
import { UsageError } from '../command-line/usage-error.ts';
import { DiskHost } from '../host.ts';
import { describeDiagnostics, summariseDiagnostics } from '../terminal/describe-diagnostics.ts';
import type { Style } from '../terminal/style.ts';

/** `tunebook import FILE`: makes a config of another tool's, and says what became of each setting. */
export async function importSettings({ positionals, flags, terminal }: CommandInput): Promise<ExitCode> {
  const file = resolve(positionals[0]!);
  const target =
    flags.output === '-' ? undefined : resolve(flags.output ?? file.replace(/(\.[^./\\]*)?$/, '.tune.yaml'));
  if (target !== undefined && existsSync(target)) {
    throw new TunebookError('import/exists', `${shortPath(target)} is there already.`, {
      hint: 'Name another file with --output, or print the config with --output -.',
      location: { file: target },
    });
  }
  const folder = dirname(file);
  const imported = await importFile(new DiskHost(), {
    file,
    folder: target === undefined ? folder : dirname(target),
    roots: [folder, process.cwd()],
    tool: toolOf(flags.from),
  });
  if (target !== undefined) writeFileAtomic(target, imported.text);
  if (flags.json) terminal.printJson({ type: 'imported', file: target, ...imported });
  else if (target === undefined) terminal.print(imported.text.trimEnd());
  else {
    terminal.print(describeImport(imported, { file, target, style: terminal.style }));
    await tellProblems(target, terminal);
  }
  return EXIT.done;
}

function toolOf(name: string | undefined): Tool | undefined {
  if (name === undefined) return undefined;
  const tool = Object.keys(TOOLS).find((each): each is Tool => each === name);
  if (tool !== undefined) return tool;
  throw new UsageError(
    `There is no tool ${JSON.stringify(name)}: ${Object.keys(TOOLS).join(', ')}.`,
    'import',
  );
}

function describeImport(
  { tool, notes }: Imported,
  { file, target, style }: { file: string; target: string; style: Style },
): string {
  const count = (outcome: string) => notes.filter((note) => note.outcome === outcome);
  const lost = count('lost');
  const carried = count('carried').length;
  const lines = [
    `${style.bold(shortPath(target))} made of ${shortPath(file)} (${TOOLS[tool]}): ${carried} settings carried over, ` +
      `${count('same').length} that need none here, ${lost.length} without counterpart${lost.length > 0 ? ':' : '.'}`,
    ...lost.flatMap(({ setting, value, line, column, why, file: named = shortPath(file) }) => [
      `  ${formatLocation({ file: named, line, column })}  ${style.yellow(`${setting}: ${value}`)}`,
      `    ${why ?? ''}`,
    ]),
  ];
  return lines.join('\n');
}

/** What the language says of the new file: models and data that are not there yet, above all. */
async function tellProblems(target: string, terminal: CommandInput['terminal']): Promise<void> {
  const host = new DiskHost();
  const project = await loadProject([target], host);
  const diagnostics = await checkProject(project, [target], host, {});
  if (diagnostics.length > 0)
    terminal.print(`\n${await describeDiagnostics(diagnostics, { style: terminal.style, project })}\n`);
  terminal.print(`${summariseDiagnostics(diagnostics, [target])}.`);
}

function shortPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short;
}
