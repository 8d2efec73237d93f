import { parseArgs } from 'node:util';
import type { CommandSpec, FlagName, Flags } from './command.ts';
import { UsageError } from './usage-error.ts';

/** How each flag is written and what its help says. */
export const FLAGS: Record<
  FlagName,
  { type: 'boolean' | 'string'; short?: string; value?: string; multiple?: true; help: string }
> = {
  json: { type: 'boolean', help: 'print JSON, one object a line' },
  sarif: { type: 'boolean', help: 'print SARIF 2.1.0, which code hosts show beside the lines' },
  id: { type: 'string', value: 'ID', help: 'the id that the run shall have; made up when it is left out' },
  cell: { type: 'string', value: 'NAME', help: 'of a notebook run this cell alone' },
  output: { type: 'string', value: 'FILE', help: 'write the notebook with its results to this file instead' },
  force: {
    type: 'boolean',
    help: 'run cells again that are unchanged, and replace results that were changed by hand',
  },
  html: { type: 'boolean', help: 'make one HTML page that needs no other file' },
  ipynb: { type: 'boolean', help: 'make a Jupyter notebook' },
  workspace: {
    type: 'string',
    value: 'FOLDER',
    help: 'the folder that holds .tunebook/runs; by default the nearest one above that has .tunebook or .git',
  },
  follow: { type: 'boolean', short: 'f', help: 'go on printing until the run has ended' },
  'no-probe': { type: 'boolean', help: 'take no step to measure time and memory by' },
  probe: { type: 'boolean', help: 'take these steps also where they need more memory than is free' },
  state: { type: 'string', value: 'STATE', help: 'only those in this state; `live` for all that go on' },
  tag: { type: 'string', value: 'TAG', multiple: true, help: 'a tag; may be given several times' },
  untag: {
    type: 'string',
    value: 'TAG',
    multiple: true,
    help: 'a tag to take away; may be given several times',
  },
  name: {
    type: 'string',
    value: 'TEXT',
    help: 'what to call the run; an empty one gives it its own name back',
  },
  note: { type: 'string', value: 'TEXT', help: 'what to remember of it; an empty one takes the note away' },
  pin: { type: 'boolean', help: 'show it before the others' },
  unpin: { type: 'boolean', help: 'show it in its place again' },
  undo: { type: 'boolean', help: 'bring back what was removed' },
  'dry-run': { type: 'boolean', help: 'say what would be deleted, and delete nothing' },
  'older-than': { type: 'string', value: 'DAYS', help: 'only what was removed so many days ago or more' },
  grace: {
    type: 'string',
    value: 'SECONDS',
    help: 'wait so long for it to end, then end it at once with all that it started',
  },
  checkpoint: {
    type: 'string',
    value: 'STEP',
    help: 'begin at this checkpoint of it; `last` for the newest',
  },
  set: {
    type: 'string',
    value: 'FIELD=VALUE',
    multiple: true,
    help: 'another value of a field (train.learning_rate=1e-4); may be given several times',
  },
  prompt: {
    type: 'string',
    short: 'p',
    value: 'TEXT',
    help: 'what to go on from; without it the standard input is read',
  },
  raw: { type: 'boolean', help: 'give the model the text as it is, even when it has a chat template' },
  'max-new-tokens': { type: 'string', value: 'N', help: 'tokens that the answer may have (256)' },
  temperature: {
    type: 'string',
    value: 'T',
    help: 'draw tokens at random, the wilder the higher; without it, and at 0, the likeliest is taken',
  },
  'top-p': {
    type: 'string',
    value: 'P',
    help: 'draw among the likeliest tokens of this probability together',
  },
  'top-k': { type: 'string', value: 'K', help: 'draw among so many of the likeliest tokens' },
  'repetition-penalty': { type: 'string', value: 'X', help: 'above 1, what was said before is said less' },
  stop: { type: 'string', value: 'TEXT', help: 'end the answer before this text' },
  seed: { type: 'string', value: 'N', help: 'where the random numbers come from (42)' },
  from: {
    type: 'string',
    value: 'TOOL',
    help: 'axolotl, llama-factory, torchtune, trl or script; found out when it is left out',
  },
  stdio: { type: 'boolean', help: 'talk over the standard input and output; the only way there is' },
};

export interface ParsedArguments {
  positionals: string[];
  flags: Flags;
  /** `--help` was asked for; nothing else counts then. */
  help: boolean;
}

/**
 * Reads what follows the name of a command.
 * @throws UsageError for a flag that it does not have, and for too few or too many arguments
 */
export function parseArguments(spec: CommandSpec, argv: readonly string[]): ParsedArguments {
  const options = Object.fromEntries(
    spec.flags.map((name) => {
      const { type, short, multiple = false } = FLAGS[name];
      return [name, short === undefined ? { type, multiple } : { type, short, multiple }];
    }),
  );
  let parsed: { values: Record<string, unknown>; positionals: string[] };
  try {
    const help = { type: 'boolean', short: 'h' } as const;
    parsed = parseArgs({
      args: withNegatives(argv, spec),
      options: { ...options, help },
      allowPositionals: true,
    });
  } catch (error) {
    throw new UsageError(plainly(error), spec.name);
  }
  const { help, ...flags } = parsed.values;
  if (help !== true) checkCount(spec, parsed.positionals);
  return { positionals: parsed.positionals, flags, help: help === true };
}

/** `--temperature -1` as `--temperature=-1`: no flag begins with a digit, so the number is a value, and what is wrong with it is said. */
function withNegatives(argv: readonly string[], { flags }: CommandSpec): string[] {
  const takesValue = (word: string | undefined) =>
    flags.some((name) => word === `--${name}` && FLAGS[name].type === 'string');
  const args: string[] = [];
  for (const word of argv) {
    if (/^-\.?\d/.test(word) && takesValue(args.at(-1))) args.push(`${args.pop() ?? ''}=${word}`);
    else args.push(word);
  }
  return args;
}

/** The first sentence of what parseArgs says; the rest is for programmers. */
function plainly(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('. ', 1)[0]!.replace(/\.?$/, '.');
}

function checkCount(spec: CommandSpec, given: readonly string[]): void {
  const required = spec.arguments.filter((name) => !name.startsWith('['));
  const missing = required[given.length];
  if (missing !== undefined)
    throw new UsageError(`\`tunebook ${spec.name}\` needs ${missing.replace('…', '')}.`, spec.name);
  const repeats = spec.arguments.at(-1)?.endsWith('…') ?? false;
  const extra = repeats ? undefined : given[spec.arguments.length];
  if (extra !== undefined)
    throw new UsageError(`\`tunebook ${spec.name}\` does not take ${JSON.stringify(extra)}.`, spec.name);
}
