import { TunebookError } from '../../protocol/error.ts';
import { importAxolotl } from './axolotl.ts';
import type { Paths } from './data.ts';
import { detectTool, TOOLS, type Tool } from './detect.ts';
import type { Draft } from './draft.ts';
import type { DatasetRegistry } from './llama-factory-data.ts';
import { importLlamaFactory } from './llama-factory.ts';
import { isVersion1, renamedFields } from './llama-factory-versions.ts';
import { otherPurposeOf, relatedFile, type OtherPurpose } from './purpose.ts';
import type { Setting } from './settings.ts';
import { importTorchtune } from './torchtune.ts';
import { importTrl, type TrlTrainer } from './trl.ts';

/** Where settings come from, and what is known of them. */
export interface YamlSource {
  /** The file's name, for messages. */
  file: string;
  /** Which tool it is of; found out where it is left out. */
  tool?: Tool | undefined;
  /** The trainer of TRL that the file or its command is called after. */
  trainer: TrlTrainer | undefined;
  paths: Paths;
  registry?: DatasetRegistry | undefined;
}

/**
 * Carries the settings of a YAML config.
 * @returns the tool that it is of
 * @throws TunebookError `import/unknown-tool` for one that is of no tool known, `import/not-training` for one that a tool does
 *   something else with
 */
export function carryYaml(settings: Setting, draft: Draft, source: YamlSource): Tool {
  const { file, tool: asked, trainer, paths, registry } = source;
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
  if (tool === 'trl') importTrl(settings, draft, paths, trainer);
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

/** Why a file is of no tool known, and what can be done. */
export function unknownTool(file: string, message: string): TunebookError {
  return new TunebookError('import/unknown-tool', message, {
    hint: `Configs of Axolotl, LLaMA-Factory, torchtune and TRL can be imported, scripts that train with transformers, and the commands that start them; name the tool with --from ${Object.keys(TOOLS).join('|')}.`,
    location: { file },
  });
}
