import type { Terminal } from '../terminal/terminal.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Interruption } from './interruption.ts';

/** Every flag that a command may take; which one takes which stands in `list.ts`. */
export interface Flags {
  json?: boolean;
  sarif?: boolean;
  id?: string;
  cell?: string;
  output?: string;
  force?: boolean;
  html?: boolean;
  ipynb?: boolean;
  workspace?: string;
  follow?: boolean;
  stdio?: boolean;
  'no-probe'?: boolean;
  probe?: boolean;
  state?: string;
  tag?: string[];
  untag?: string[];
  name?: string;
  note?: string;
  pin?: boolean;
  unpin?: boolean;
  undo?: boolean;
  'dry-run'?: boolean;
  'older-than'?: string;
  grace?: string;
  checkpoint?: string;
  set?: string[];
  prompt?: string;
  raw?: boolean;
  'max-new-tokens'?: string;
  temperature?: string;
  'top-p'?: string;
  'top-k'?: string;
  'repetition-penalty'?: string;
  stop?: string;
  seed?: string;
  from?: string;
}

export type FlagName = keyof Flags;

/** What a command is called with. */
export interface CommandInput {
  /** The arguments that are no flags; as many as the command takes. */
  readonly positionals: readonly string[];
  readonly flags: Flags;
  readonly terminal: Terminal;
  readonly interruption: Interruption;
}

export type CommandFunction = (input: CommandInput) => Promise<ExitCode>;

/** One command of `tunebook`: what its help says, and where its code is. */
export interface CommandSpec {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Names of the arguments; `[NAME]` may be left out, the last may repeat as `FILE…`. */
  readonly arguments: readonly string[];
  readonly flags: readonly FlagName[];
  /** What its own help says besides. */
  readonly details: string;
  /** Ends in an orderly way when it is interrupted; the others simply end. */
  readonly endsItself?: true;
  /** Goes on when its terminal is closed: a run does not die with the window that it was started in. */
  readonly outlivesTerminal?: true;
  /** Started by ourselves: the help does not list it. */
  readonly internal?: true;
  /** Loads the code only when it is wanted: help and tables need no onnxruntime. */
  readonly load: () => Promise<CommandFunction>;
}
