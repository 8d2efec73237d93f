import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, isAbsolute, relative, resolve } from 'node:path';
import { checkProject } from '../../language/check.ts';
import { importConfig, TOOLS, type Imported, type Tool } from '../../language/import/import-config.ts';
import { decodeText } from '../../language/decode-text.ts';
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
export async function importFile({ positionals, flags, terminal }: CommandInput): Promise<ExitCode> {
  const file = resolve(positionals[0]!);
  const target =
    flags.output === '-' ? undefined : resolve(flags.output ?? file.replace(/(\.[^./\\]*)?$/, '.tune.yaml'));
  if (target !== undefined && existsSync(target)) {
    throw new TunebookError('import/exists', `${shortPath(target)} is there already.`, {
      hint: 'Name another file with --output, or print the config with --output -.',
      location: { file: target },
    });
  }
  const folder = dirname(target ?? file);
  const imported = importConfig(await readText(file), {
    file: basename(file),
    tool: toolOf(flags.from),
    paths: { onDisk: (path) => onDisk(path, dirname(file), folder) },
    registry: findRegistry(dirname(file)),
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

async function readText(file: string): Promise<string> {
  try {
    const bytes = await new DiskHost().readFile(file);
    if (bytes) return decodeText(bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TunebookError('import/unreadable', `${shortPath(file)} cannot be read. ${reason}`, {
      hint: 'Name a text file.',
      location: { file },
      cause: error,
    });
  }
  throw new TunebookError('import/unreadable', `There is no file ${shortPath(file)}.`, {
    hint: 'Name the config or the script to import.',
    location: { file },
  });
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

/** Other tools read paths from where they are started, which is most often above or beside the config. */
function onDisk(path: string, from: string, to: string): string | undefined {
  if (isAbsolute(path)) return existsSync(path) ? path : undefined;
  for (const folder of [from, process.cwd()]) {
    const full = resolve(folder, path);
    if (existsSync(full)) return relative(to, full).replaceAll('\\', '/') || '.';
  }
  return undefined;
}

/** LLaMA-Factory's list of data sets, in `data/` where it is started or of a folder above the config. */
function findRegistry(folder: string): Record<string, unknown> | undefined {
  for (let at = folder; ; at = dirname(at)) {
    for (const path of [resolve(at, 'data/dataset_info.json'), resolve(at, 'dataset_info.json')]) {
      if (!existsSync(path)) continue;
      const parsed: unknown = parseJson(readFileSync(path, 'utf8'), path);
      if (typeof parsed === 'object' && parsed !== null) return Object.fromEntries(Object.entries(parsed));
    }
    if (existsSync(resolve(at, '.git')) || dirname(at) === at) return undefined;
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new TunebookError('import/syntax', `This list of data sets is not valid JSON: ${String(error)}.`, {
      hint: 'Correct it; it says what the names of the data sets mean.',
      location: { file },
    });
  }
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
    ...lost.flatMap(({ setting, value, line, column, why }) => [
      `  ${formatLocation({ file: shortPath(file), line, column })}  ${style.yellow(`${setting}: ${value}`)}`,
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
