#!/usr/bin/env node
import packageJson from '../../package.json' with { type: 'json' };
import { COMMANDS } from './commands/list.ts';
import { parseArguments } from './command-line/arguments.ts';
import type { CommandSpec } from './command-line/command.ts';
import { EXIT, exitCodeOf, type ExitCode } from './command-line/exit-codes.ts';
import { explainError } from './command-line/explain-error.ts';
import { commandHelp, generalHelp } from './command-line/help.ts';
import { Interruption } from './command-line/interruption.ts';
import { UsageError } from './command-line/usage-error.ts';
import { nearest } from '../language/nearest.ts';
import { describeError } from './terminal/describe-error.ts';
import { Terminal } from './terminal/terminal.ts';

/** The `tunebook` command: finds the command, reads its arguments, and turns whatever is thrown into words and a code. */
async function main(argv: readonly string[]): Promise<ExitCode> {
  const interruption = new Interruption().listen();
  const terminal = new Terminal();
  const json = argv.includes('--json');
  process.on('uncaughtException', (error) => process.exit(tell(error, terminal, json)));
  let code: ExitCode;
  try {
    code = await dispatch(argv, terminal, interruption);
  } catch (error) {
    if (interruption.stop.requested) terminal.printError('Interrupted. Nothing was started.');
    code = interruption.stop.requested ? EXIT.interrupted : tell(error, terminal, json);
  }
  await terminal.flush();
  const { failure } = terminal;
  if (!failure || code !== EXIT.done) return code;
  terminal.printError(`error: What was asked for could not be printed: ${failure.message}`);
  return EXIT.runFailed;
}

async function dispatch(
  argv: readonly string[],
  terminal: Terminal,
  interruption: Interruption,
): Promise<ExitCode> {
  const [name = '--help', ...rest] = argv;
  if (name === '--version' || name === '-v') {
    terminal.print(packageJson.version);
    return EXIT.done;
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    const asked = rest[0] === undefined ? undefined : find(rest[0]);
    terminal.print(asked ? commandHelp(asked) : generalHelp(COMMANDS));
    return argv.length === 0 ? EXIT.wrongUsage : EXIT.done;
  }
  const spec = find(name);
  const { help, flags, positionals } = parseArguments(spec, rest);
  if (help) {
    terminal.print(commandHelp(spec));
    return EXIT.done;
  }
  if (spec.outlivesTerminal) process.on('SIGHUP', () => undefined);
  if (!spec.endsItself) interruption.stop.onRequest(() => process.exit(EXIT.interrupted));
  const command = await spec.load();
  return await command({ positionals, flags, terminal, interruption });
}

function find(name: string): CommandSpec {
  const spec = COMMANDS.find((each) => each.name === name);
  if (spec) return spec;
  const names = COMMANDS.map((each) => each.name);
  const near = nearest(name, names);
  throw new UsageError(
    `There is no command \`${name}\`.${near === undefined ? '' : ` Did you mean \`${near}\`?`}`,
  );
}

/** Words on the standard error and, where JSON is wanted, an object on the standard output. */
function tell(error: unknown, terminal: Terminal, json: boolean): ExitCode {
  if (error instanceof UsageError) {
    terminal.printError(`${terminal.errorStyle.red('error:')} ${error.message}`);
    terminal.printError(
      `  See \`tunebook ${error.command === undefined ? '' : `${error.command} `}--help\`.`,
    );
    return EXIT.wrongUsage;
  }
  const explained = explainError(error, process.cwd());
  const { code, message, hint, location } = explained;
  if (json) terminal.printJson({ type: 'error', code, message, hint, ...location });
  terminal.printError(describeError(explained, terminal.errorStyle));
  if (process.env['TUNEBOOK_DEBUG'] && error instanceof Error) terminal.printError(error.stack ?? '');
  return exitCodeOf(code);
}

// Not exitCode: threads of onnxruntime and sockets must not keep a process alive that is done.
process.exit(await main(process.argv.slice(2)));
