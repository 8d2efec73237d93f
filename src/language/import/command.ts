import { TunebookError } from '../../protocol/error.ts';
import type { Paths } from './data.ts';
import type { Tool } from './detect.ts';
import type { Draft } from './draft.ts';
import { exampleOf, importExample } from './example-scripts.ts';
import { importLlamaFactory } from './llama-factory.ts';
import type { DatasetRegistry } from './llama-factory-data.ts';
import { readCommands, type TrainingCommand } from './read-command.ts';
import type { Setting } from './settings.ts';
import { importTrl, trainerOf } from './trl.ts';

/** Files that hold command lines, and no config and no Python. */
export const COMMAND_FILES = /\.(sh|bash|zsh|slurm|sbatch|md|txt)$/;

/** Trainings that Tunebook has nothing like, by the names of their scripts and subcommands. */
const OTHER_METHODS =
  /(^|[\s_-])(grpo|kto|ppo|rloo|reward|cpo|bco|prm|online_dpo|nash_md|xpo|gkd|gold|distillation)/;

/** Whether a script or a subcommand is called after a training that Tunebook has nothing like. */
export function lacksMethod(name: string): boolean {
  return OTHER_METHODS.test(name);
}

/** What only a training is given, in every tool; the files of data and models are also given to what prepares them. */
const TRAINING =
  /^(stage|finetuning_type|config|dataset|datasets|dataset_name|train_file|task_name|learning_rate|num_train_epochs|max_steps|per_device_train_batch_size)$/;

/** The commands of a text that start a training with settings of their own. Texts of Python hold them in their comments. */
export function commandsIn(text: string): TrainingCommand[] {
  return readCommands(text.replace(/"""|'''/g, '   ')).filter(
    ({ program, settings }) =>
      /^trl /.test(program) ||
      settings.children.some((each) => TRAINING.test(each.path) || isConfigFile(each)),
  );
}

/** A file of settings that is named without an option: `axolotl train lora.yml`. */
function isConfigFile({ path, value }: Setting): boolean {
  return /^\d+$/.test(path) && typeof value === 'string' && /\.(ya?ml|json)$/.test(value);
}

/**
 * Carries the first command of a text.
 * @returns the tool that it starts
 * @throws TunebookError `import/unknown-tool` where it is of no tool known, or its settings are in another file
 */
export function importCommand(
  commands: readonly TrainingCommand[],
  draft: Draft,
  { file, paths, registry }: { file: string; paths: Paths; registry?: DatasetRegistry | undefined },
): Tool {
  const [command, ...others] = commands;
  if (!command) throw noCommand(file);
  const tool = carryCommand(command, draft, { file, paths, registry });
  for (const each of command.launcher)
    draft.lose(each.takeAll(), 'It says how processes are started; here a run is one process on one device.');
  if (others.length > 0)
    draft.remark(
      `The first command of the file is carried. Others stand in line ${others.map(({ origin }) => origin.line).join(', ')}: import each from a file of its own.`,
    );
  return tool;
}

function carryCommand(
  { program, settings, origin }: TrainingCommand,
  draft: Draft,
  { file, paths, registry }: { file: string; paths: Paths; registry?: DatasetRegistry | undefined },
): Tool {
  const config = settings.children.find((each) => each.path === 'config' || isConfigFile(each));
  if (config)
    throw new TunebookError(
      'import/unknown-tool',
      `\`${program}\` takes its settings from \`${String(config.value)}\`.`,
      {
        hint: 'Import that file. What the command gives besides counts before it: write it into the new config.',
        location: { file, ...config.origin },
      },
    );
  if (lacksMethod(program))
    throw new TunebookError(
      'import/unknown-tool',
      `\`${program}\` trains with a method that Tunebook lacks.`,
      { hint: 'Tunebook has supervised fine-tuning, DPO and ORPO.', location: { file, ...origin } },
    );
  const example = exampleOf(program);
  if (example) importExample(example, settings, draft, paths);
  else if (settings.section('stage') || settings.section('finetuning_type')) {
    importLlamaFactory(settings, draft, paths, registry);
    return 'llama-factory';
  } else if (settings.section('model_name_or_path')) {
    importTrl(settings, draft, paths, trainerOf(program));
    return 'trl';
  } else
    throw new TunebookError(
      'import/unknown-tool',
      `\`${program}\` is of no tool that can be told by its settings: \`--model_name_or_path\` is missing.`,
      {
        hint: 'Commands of TRL, LLaMA-Factory and the example scripts of transformers can be imported.',
        location: { file, ...origin },
      },
    );
  return 'script';
}

function noCommand(file: string): TunebookError {
  return new TunebookError('import/unknown-tool', 'This file has no command that starts a training.', {
    hint: 'A command is `python SCRIPT.py --name value …`, `accelerate launch …`, `torchrun …`, `deepspeed …`, `trl sft …` or `llamafactory-cli train …`.',
    location: { file, line: 1, column: 1 },
  });
}
