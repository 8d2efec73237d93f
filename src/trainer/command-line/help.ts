import type { CommandSpec } from './command.ts';
import { FLAGS } from './arguments.ts';

const EXIT_CODES =
  'Exit codes: 0 done, 1 the input is wrong, 2 wrong usage, 3 the run failed, 4 an objective is not met, 130 interrupted.';

/** The help of `tunebook` itself. */
export function generalHelp(all: readonly CommandSpec[]): string {
  const commands = all.filter(({ internal }) => !internal);
  const width = Math.max(...commands.map((spec) => call(spec).length));
  return [
    'Fine-tune language models from a config file.',
    '',
    'Usage: tunebook COMMAND …',
    '',
    ...commands.map((spec) => `  ${call(spec).padEnd(width)}  ${spec.summary}`),
    '',
    `  ${'--version'.padEnd(width)}  print the version`,
    `  ${'--help'.padEnd(width)}  print this; \`tunebook COMMAND --help\` says more about one`,
    '',
    EXIT_CODES,
  ].join('\n');
}

/** The help of one command. */
export function commandHelp(spec: CommandSpec): string {
  const flags = spec.flags.map((name) => {
    const { short, value, help } = FLAGS[name];
    const written = `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
    return [written, help] as const;
  });
  const rows = [...flags, ['-h, --help', 'print this'] as const];
  const width = Math.max(...rows.map(([written]) => written.length));
  return [
    `Usage: tunebook ${call(spec)}${spec.flags.length > 0 ? ' [FLAGS]' : ''}`,
    '',
    `${spec.summary[0]?.toUpperCase()}${spec.summary.slice(1)}.`,
    ...(spec.details === '' ? [] : ['', spec.details]),
    '',
    ...rows.map(([written, help]) => `  ${written.padEnd(width)}  ${help}`),
    '',
    EXIT_CODES,
  ].join('\n');
}

function call(spec: CommandSpec): string {
  return [spec.name, ...spec.arguments].join(' ');
}
