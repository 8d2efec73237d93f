import { TunebookError } from '../../protocol/error.ts';

/** What the command line can be asked for by a task. */
export const TASK_COMMANDS = ['run', 'evaluate', 'check', 'plan'] as const;
export type TaskCommand = (typeof TASK_COMMANDS)[number];

/** A task as it stands in `tasks.json`, beside VS Code's own fields (package.json `taskDefinitions`). */
export interface TunebookTask {
  command: TaskCommand;
  /** A config, a notebook or, to check it, a folder; relative to the workspace folder. */
  config: string;
  /** The document that is meant; not needed where the file has only one of its kind. */
  name?: string;
  /** Further flags for the command line, such as `--set`. */
  args?: readonly string[];
}

/**
 * Reads what a person wrote in `tasks.json`, where the schema only underlines what is wrong.
 * @throws TunebookError `task/wrong` when a field is missing or of another kind.
 */
export function readTask(definition: Readonly<Record<string, unknown>>): TunebookTask {
  const { command, config, name, args = [] } = definition;
  const known = TASK_COMMANDS.find((word) => word === command);
  if (!known) throw wrong('command', `one of ${TASK_COMMANDS.join(', ')}`, command);
  if (typeof config !== 'string' || config === '') throw wrong('config', 'the path of a config', config);
  if (name !== undefined && typeof name !== 'string') throw wrong('name', 'the name of a document', name);
  if (!Array.isArray(args) || !args.every((arg): arg is string => typeof arg === 'string'))
    throw wrong('args', 'a list of strings', args);
  return { command: known, config, ...(name === undefined ? {} : { name }), args };
}

/** What `tunebook` is told for a task. */
export function taskArguments({ command, config, name, args = [] }: TunebookTask): string[] {
  return [command, config, ...(name === undefined ? [] : [name]), ...args];
}

/** How a task is called in lists: `run intents-lora`, `check .`. */
export function taskLabel({ command, config, name }: TunebookTask): string {
  return `${command} ${name ?? config}`;
}

function wrong(field: string, expected: string, value: unknown): TunebookError {
  const given = value === undefined ? 'is missing' : `is ${JSON.stringify(value)}`;
  return new TunebookError(
    'task/wrong',
    `\`${field}\` of a Tunebook task ${given}; it must be ${expected}.`,
    {
      hint: 'Mend the task in .vscode/tasks.json.',
    },
  );
}
