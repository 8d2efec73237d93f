import { carryYaml, unknownTool } from './carry-yaml.ts';
import { COMMAND_FILES, commandsIn, importCommand, lacksMethod, type NamedFile } from './command.ts';
import { documentName, type Paths } from './data.ts';
import { TOOLS, type Tool } from './detect.ts';
import { settle } from './settle.ts';
import { Draft, type ImportNote } from './draft.ts';
import type { DatasetRegistry } from './llama-factory-data.ts';
import { codeOf, NOTEBOOK_FILES, SCRIPT_FILES, withoutMagics } from './notebook-code.ts';
import { readPython } from './read-python.ts';
import { readYamlSettings } from './read-yaml.ts';
import { importScript } from './script.ts';
import { takesCommandLine, whyNoTraining } from './script-calls.ts';
import { trainerOf } from './trl.ts';
import { writeDraft } from './write.ts';

export { TOOLS, type Tool } from './detect.ts';
export type { ImportNote } from './draft.ts';

export interface ImportOptions {
  /** The file's name, for messages and for the name of the run. */
  file: string;
  /** Which tool it is of; found out where it is left out. */
  tool?: Tool | undefined;
  paths: Paths;
  /** LLaMA-Factory's `dataset_info.json`, where it was found. */
  registry?: DatasetRegistry | undefined;
  /** A config that a command names; `undefined` where there is none. */
  named?: ((path: string) => NamedFile | undefined) | undefined;
}

export interface Imported {
  tool: Tool;
  /** The new config. */
  text: string;
  /** What became of each setting, in the order of the file. */
  notes: ImportNote[];
}

/**
 * Turns a config of another tool into one of ours. Every setting with a value has a note: carried, the same anyway, or lost.
 * @throws TunebookError `import/syntax` for a file that cannot be read, `import/unknown-tool` for one that is of no tool known,
 *   `import/not-training` for one that a tool does something else with
 */
export function importConfig(text: string, options: ImportOptions): Imported {
  const { file } = options;
  const draft = new Draft(documentName(file, 'imported'));
  const tool = carryFile(text, draft, options);
  settle(draft);
  const notes = draft
    .uniqueNotes()
    .sort((a, b) => (a.file ?? '').localeCompare(b.file ?? '') || a.line - b.line || a.column - b.column);
  return { tool, text: writeDraft(draft, { tool: TOOLS[tool], file }), notes };
}

function carryFile(text: string, draft: Draft, options: ImportOptions): Tool {
  const { file } = options;
  if (COMMAND_FILES.test(file)) return importCommand(commandsIn(text), draft, options);
  const isScript = SCRIPT_FILES.test(file) || options.tool === 'script';
  return isScript ? carryScript(text, draft, options) : carryYamlFile(text, draft, options);
}

function carryScript(text: string, draft: Draft, options: ImportOptions): Tool {
  const isNotebook = NOTEBOOK_FILES.test(options.file);
  const code = codeOf(text, options.file);
  const script = readPython(isNotebook ? withoutMagics(code) : code);
  const reason = whyNoTraining(script.calls);
  if (reason === undefined) {
    importScript(script, draft, options.paths);
    return 'script';
  }
  // Scripts that take everything from their command line often say at their top how they are started; notebooks start scripts.
  const commands = isNotebook || takesCommandLine(script.calls) ? commandsIn(code) : [];
  if (lacksMethod(options.file) && commands.length === 0)
    throw unknownTool(options.file, 'This script is called after a method that Tunebook lacks.');
  if (commands.length === 0) throw unknownTool(options.file, reason);
  const tool = importCommand(commands, draft, options);
  const { line } = commands[0]!.origin;
  draft.remark(
    isNotebook
      ? `The settings are those of the command in line ${line}.`
      : `The script takes its settings from its command line: they are those of the command in line ${line}.`,
  );
  return tool;
}

function carryYamlFile(text: string, draft: Draft, options: ImportOptions): Tool {
  const { file } = options;
  return carryYaml(readYamlSettings(text, file), draft, { ...options, trainer: trainerOf(file) });
}
