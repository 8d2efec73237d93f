import { TunebookError } from '../../protocol/error.ts';
import { importAxolotl } from './axolotl.ts';
import { COMMAND_FILES, commandsIn, importCommand, lacksMethod } from './command.ts';
import { documentName, type Paths } from './data.ts';
import { detectTool, TOOLS, type Tool } from './detect.ts';
import { otherPurposeOf, relatedFile, type OtherPurpose } from './purpose.ts';
import { settle } from './settle.ts';
import { Draft, type ImportNote } from './draft.ts';
import type { DatasetRegistry } from './llama-factory-data.ts';
import { importLlamaFactory } from './llama-factory.ts';
import { isVersion1, renamedFields } from './llama-factory-versions.ts';
import type { Setting } from './settings.ts';
import { readPython } from './read-python.ts';
import { readYamlSettings } from './read-yaml.ts';
import { importScript } from './script.ts';
import { takesCommandLine, whyNoTraining } from './script-calls.ts';
import { importTorchtune } from './torchtune.ts';
import { importTrl, trainerOf } from './trl.ts';
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
  const notes = draft.uniqueNotes().sort((a, b) => a.line - b.line || a.column - b.column);
  return { tool, text: writeDraft(draft, { tool: TOOLS[tool], file }), notes };
}

function carryFile(text: string, draft: Draft, options: ImportOptions): Tool {
  const { file } = options;
  if (COMMAND_FILES.test(file)) return importCommand(commandsIn(text), draft, options);
  const isScript = file.endsWith('.py') || options.tool === 'script';
  return isScript ? carryScript(text, draft, options) : carryYaml(text, draft, options);
}

function carryScript(text: string, draft: Draft, options: ImportOptions): Tool {
  const script = readPython(text);
  const reason = whyNoTraining(script.calls);
  if (reason === undefined) {
    importScript(script, draft, options.paths);
    return 'script';
  }
  // Scripts that take everything from their command line often say at their top how they are started.
  const commands = takesCommandLine(script.calls) ? commandsIn(text) : [];
  if (lacksMethod(options.file) && commands.length === 0)
    throw unknownTool(options.file, 'This script is called after a method that Tunebook lacks.');
  if (commands.length === 0) throw unknownTool(options.file, reason);
  const tool = importCommand(commands, draft, options);
  draft.remark(
    `The script takes its settings from its command line: they are those of the command in line ${commands[0]!.origin.line}.`,
  );
  return tool;
}

function carryYaml(text: string, draft: Draft, { file, tool: asked, paths, registry }: ImportOptions): Tool {
  const settings = readYamlSettings(text, file);
  const tool = asked ?? detectTool(settings);
  if (asked === undefined && isVersion1(settings)) throw ofVersion1(file, settings);
  if (tool === undefined)
    throw unknownTool(
      file,
      relatedFile(settings) ?? 'This file is of no tool that can be told by its settings.',
    );
  const purpose = otherPurposeOf(tool, settings);
  if (purpose) throw notTraining(file, tool, purpose);
  if (tool === 'axolotl') importAxolotl(settings, draft, paths);
  if (tool === 'llama-factory') importLlamaFactory(settings, draft, paths, registry);
  if (tool === 'torchtune') importTorchtune(settings, draft, paths);
  if (tool === 'trl') importTrl(settings, draft, paths, trainerOf(file));
  return tool;
}

function notTraining(file: string, tool: Tool, { setting, does, instead }: OtherPurpose): TunebookError {
  return new TunebookError(
    'import/not-training',
    `This config of ${TOOLS[tool]} trains nothing: \`${setting.path}\` ${does}.`,
    { hint: instead, location: { file, ...setting.origin } },
  );
}

function ofVersion1(file: string, settings: Setting): TunebookError {
  const fields = renamedFields(settings).join('; ');
  return new TunebookError(
    'import/unknown-tool',
    'This config is of LLaMA-Factory’s version 1 (`USE_V1=1`), whose fields are others than those that are read here.',
    {
      hint: `Write it with the fields of version 0: ${fields}.`,
      location: { file, ...settings.section('model')?.origin },
    },
  );
}

function unknownTool(file: string, message: string): TunebookError {
  return new TunebookError('import/unknown-tool', message, {
    hint: `Configs of Axolotl, LLaMA-Factory, torchtune and TRL can be imported, scripts that train with transformers, and the commands that start them; name the tool with --from ${Object.keys(TOOLS).join('|')}.`,
    location: { file },
  });
}
