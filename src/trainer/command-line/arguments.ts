import { parseArgs } from 'node:util';
import type { CommandSpec, FlagName, Flags } from './command.ts';
import { UsageError } from './usage-error.ts';

/** How each flag is written and what its help says. */
export const FLAGS: Record<
  FlagName,
  { type: 'boolean' | 'string'; short?: string; value?: string; help: string }
> = {
  json: { type: 'boolean', help: 'print JSON, one object a line' },
  id: { type: 'string', value: 'ID', help: 'the id that the run shall have; made up when it is left out' },
  workspace: {
    type: 'string',
    value: 'FOLDER',
    help: 'the folder that holds .tunebook/runs; by default the nearest one above that has .tunebook or .git',
  },
  follow: { type: 'boolean', short: 'f', help: 'go on printing until the run has ended' },
  'no-probe': { type: 'boolean', help: 'take no step to measure time and memory by' },
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
      const { type, short } = FLAGS[name];
      return [name, short === undefined ? { type } : { type, short }];
    }),
  );
  let parsed: { values: Record<string, unknown>; positionals: string[] };
  try {
    const help = { type: 'boolean', short: 'h' } as const;
    parsed = parseArgs({ args: [...argv], options: { ...options, help }, allowPositionals: true });
  } catch (error) {
    throw new UsageError(plainly(error), spec.name);
  }
  const { help, ...flags } = parsed.values;
  if (help !== true) checkCount(spec, parsed.positionals);
  return { positionals: parsed.positionals, flags, help: help === true };
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
