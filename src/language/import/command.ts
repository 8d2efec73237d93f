import { TunebookError } from '../../protocol/error.ts';
import { carryYaml } from './carry-yaml.ts';
import type { Paths } from './data.ts';
import type { Tool } from './detect.ts';
import type { Draft } from './draft.ts';
import { exampleOf, importExample, OTHER_TASKS } from './example-scripts.ts';
import { importLlamaFactory } from './llama-factory.ts';
import type { DatasetRegistry } from './llama-factory-data.ts';
import { overlay } from './overlay.ts';
import { readCommands, type TrainingCommand } from './read-command.ts';
import { readYamlSettings } from './read-yaml.ts';
import type { Setting } from './settings.ts';
import { importTrl, trainerOf } from './trl.ts';

/** Files that hold command lines, and no config and no Python. */
export const COMMAND_FILES = /\.(sh|bash|zsh|slurm|sbatch|md|txt)$/;

/** Trainings that Tunebook has nothing like, by the names of their scripts and subcommands. */
const OTHER_METHODS =
  /(^|[\s_-])(grpo|kto|ppo|rloo|reward|cpo|bco|prm|online_dpo|nash_md|xpo|gkd|gold|distillation)/;

/** What the programs that do not only train do by other words: nothing of it is a training. */
const NO_TRAINING = /^(axolotl|llamafactory-cli) (?!train$)|^tune (?!run$)/;

/** The tools by the first word of their programs. */
const PROGRAMS: Readonly<Record<string, Tool>> = {
  axolotl: 'axolotl',
  'llamafactory-cli': 'llama-factory',
  tune: 'torchtune',
  trl: 'trl',
};

/** A file that a command takes settings from. */
export interface NamedFile {
  /** As messages call it. */
  file: string;
  text: string;
}

/** What a command is imported with. */
interface Surroundings {
  /** The file that the command stands in. */
  file: string;
  paths: Paths;
  registry?: DatasetRegistry | undefined;
  named?: ((path: string) => NamedFile | undefined) | undefined;
}

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
      !NO_TRAINING.test(program) &&
      (/^trl /.test(program) ||
        settings.children.some((each) => TRAINING.test(each.path) || isConfigFile(each))),
  );
}

/** A file of settings that is named without an option: `axolotl train lora.yml`. */
function isConfigFile({ path, value }: Setting): boolean {
  return /^\d+$/.test(path) && typeof value === 'string' && /\.(ya?ml|json)$/.test(value);
}

/** The paths of the configs that the commands of a text take settings from. */
export function configsNamedIn(text: string): string[] {
  return commandsIn(text).flatMap(({ settings }) => {
    const value = configOf(settings)?.value;
    return typeof value === 'string' ? [value] : [];
  });
}

function configOf(settings: Setting): Setting | undefined {
  return settings.children.find((each) => each.path === 'config' || isConfigFile(each));
}

/**
 * Carries the first command of a text.
 * @returns the tool that it starts
 * @throws TunebookError `import/unknown-tool` where it is of no tool known, or its settings are in another file that is not there
 */
export function importCommand(commands: readonly TrainingCommand[], draft: Draft, given: Surroundings): Tool {
  const { file } = given;
  const [command, ...others] = commands;
  if (!command) throw noCommand(file);
  const tool = carryCommand(command, draft, given);
  for (const each of command.launcher)
    draft.lose(each.takeAll(), 'It says how processes are started; here a run is one process on one device.');
  if (others.length > 0)
    draft.remark(
      `The first command of the file is carried. Others stand in line ${others.map(({ origin }) => origin.line).join(', ')}: import each from a file of its own.`,
    );
  return tool;
}

function carryCommand(command: TrainingCommand, draft: Draft, given: Surroundings): Tool {
  const { program, origin } = command;
  const { file, paths, registry } = given;
  if (lacksMethod(program))
    throw new TunebookError(
      'import/unknown-tool',
      `\`${program}\` trains with a method that Tunebook lacks.`,
      { hint: 'Tunebook has supervised fine-tuning, DPO and ORPO.', location: { file, ...origin } },
    );
  if (OTHER_TASKS.test(program))
    throw new TunebookError('import/unknown-tool', `\`${program}\` trains for a task that Tunebook lacks.`, {
      hint: 'Of the example scripts of transformers `run_glue.py`, `run_classification.py`, `run_ner.py`, `run_mlm.py` and `run_clm.py` can be imported.',
      location: { file, ...origin },
    });
  const config = configOf(command.settings);
  const named = config && readNamed(config, command, given);
  const settings = config && named ? withFile(config, named, command, draft) : command.settings;
  const example = exampleOf(program);
  if (example) importExample(example, settings, draft, paths);
  else if (named) {
    const tool = PROGRAMS[program.split(' ')[0] ?? ''];
    const trainer = trainerOf(program) ?? trainerOf(named.file);
    return carryYaml(settings, draft, { file: named.file, tool, trainer, paths, registry });
  } else if (settings.section('stage') || settings.section('finetuning_type')) {
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

/**
 * The file that a command takes its settings from.
 * @throws TunebookError `import/unknown-tool` where it is not there
 */
function readNamed(config: Setting, { program }: TrainingCommand, given: Surroundings): NamedFile {
  const path = typeof config.value === 'string' ? config.value : undefined;
  const found = path === undefined ? undefined : given.named?.(path);
  if (found) return found;
  const built =
    program === 'tune run' ? ' A config of torchtune itself is written out by `tune cp NAME .`.' : '';
  throw new TunebookError(
    'import/unknown-tool',
    path === undefined
      ? `\`${program}\` takes its settings from a file that only the shell knows: \`${config.text}\`.`
      : `\`${program}\` takes its settings from \`${path}\`, and there is no such file.`,
    {
      hint: `Start the import in the folder that the command is started in, or import that file.${built}`,
      location: { file: given.file, ...config.origin },
    },
  );
}

/** The settings of the file that a command names, with its own, which count before them. */
function withFile(
  config: Setting,
  { file, text }: NamedFile,
  command: TrainingCommand,
  draft: Draft,
): Setting {
  draft.same(
    config.takeAll(),
    'Its settings are read from there, and those of the command count before them.',
  );
  const own = command.settings.children.filter((each) => each !== config);
  return overlay(readYamlSettings(text, file, true), own, draft);
}

function noCommand(file: string): TunebookError {
  return new TunebookError('import/unknown-tool', 'This file has no command that starts a training.', {
    hint: 'A command is `python SCRIPT.py --name value …`, `accelerate launch …`, `torchrun …`, `deepspeed …`, `trl sft …` or `llamafactory-cli train …`.',
    location: { file, line: 1, column: 1 },
  });
}
