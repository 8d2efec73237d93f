import { parse } from 'yaml';
import { LineIndex } from '../lines.ts';
import { readWords, type Word } from './shell-words.ts';
import { oneLine } from './read-yaml.ts';
import { Setting, type Origin } from './settings.ts';

/** A command that starts a training, as a shell script or a README has it. */
export interface TrainingCommand {
  /** The script or the subcommand that trains: `run_clm.py`, `trl sft`. */
  program: string;
  /** What is given to it: `--learning_rate 2e-5`. */
  settings: Setting;
  /** What is given to what starts it: `accelerate launch --num_processes 8`. */
  launcher: readonly Setting[];
  origin: Origin;
}

/** What starts trainings. Everything else in a file, prose and code, is no command. */
const LAUNCHER =
  /^(python\d?(\.\d+)?|accelerate|torchrun|deepspeed|trl|llamafactory-cli|axolotl|tune|uv|srun|nohup|xvfb-run)$/;

/** Programs that train by the word behind their name. */
const SUBCOMMANDS = /^(trl|llamafactory-cli|axolotl|tune)$/;

/** The same of Axolotl as it was started before it had a program of its own: `accelerate launch -m axolotl.cli.train`. */
const MODULE = /^axolotl\.cli\.(\w+)$/;

/**
 * Every command with settings that starts a training, in the order of the text. Variables of the shell that a line above gives a
 * value are replaced. Text that is no shell command is passed over.
 */
export function readCommands(text: string): TrainingCommand[] {
  const lines = new LineIndex(text);
  const at = (word: Word): Origin => lines.position(word.from);
  return readWords(text).flatMap((words) => {
    const [first] = words;
    if (!first || !LAUNCHER.test(baseOf(first.value ?? ''))) return [];
    const index = words.findIndex(
      ({ value = '' }, i) =>
        value.endsWith('.py') || MODULE.test(value) || (SUBCOMMANDS.test(value) && i + 1 < words.length),
    );
    const named = words[index];
    if (!named?.value) return [];
    const isSubcommand = SUBCOMMANDS.test(named.value);
    const given = words.slice(index + (isSubcommand ? 2 : 1));
    if (given.length === 0) return [];
    const program = isSubcommand
      ? `${named.value} ${words[index + 1]?.value ?? ''}`
      : baseOf(named.value.replace(MODULE, 'axolotl $1'));
    const children = readOptions(given, at);
    const value = Object.fromEntries([...children].map(([name, each]) => [name, each.value]));
    return {
      program,
      settings: new Setting('', value, program, at(first), children),
      launcher: [...readOptions(words.slice(1, index), at)].flatMap(([name, each]) =>
        /^\d+$|^m$/.test(name) ? [] : [each],
      ),
      origin: at(first),
    };
  });
}

function baseOf(path: string): string {
  return path.split('/').at(-1) ?? path;
}

/** Options as `HfArgumentParser` reads them: a flag alone is true, several words behind one are a list, `--no_x` is false. */
function readOptions(words: readonly Word[], at: (word: Word) => Origin): Map<string, Setting> {
  const found = new Map<string, Setting>();
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    // Without `--` in front, the tools that read with OmegaConf take settings: `optimizer.lr=1e-4`.
    const [, option, assigned, bare, worth] =
      /^(?:--?([A-Za-z][\w.-]*)(?:=([\s\S]*))?|([A-Za-z][\w.]*)=([\s\S]*))$/.exec(word.value ?? word.text) ??
      [];
    const [flag, inline] = [option ?? bare, assigned ?? worth];
    const name = (flag ?? `${i}`).replaceAll('-', '_');
    const values: Word[] =
      flag === undefined
        ? [word]
        : inline === undefined
          ? []
          : [{ ...word, text: inline, value: word.value && inline }];
    // A config is one file; what stands behind it are settings: `--config own.yaml lr=1e-4`.
    const most = flag === undefined || inline !== undefined ? 0 : name === 'config' ? 1 : Infinity;
    while (values.length < most && i + 1 < words.length && !isOption(words[i + 1]!)) values.push(words[++i]!);
    // A yes or no is one word; what stands behind it is no option.
    const spare = /^(true|false)$/i.test(values[0]?.value ?? '') ? values.splice(1) : [];
    for (const each of spare) found.set(each.text, new Setting(each.text, each.value, each.text, at(each)));
    const read = values.map(({ value }) => (value === undefined ? undefined : scalarOf(value)));
    const isComputed = values.some(({ value }) => value === undefined);
    const value = isComputed ? undefined : read.length === 0 ? true : read.length === 1 ? read[0] : read;
    const text = values.length === 0 ? 'true' : values.map((each) => each.text).join(' ');
    const off = flag === undefined || value !== true ? null : /^no[_-](.+)$/.exec(flag);
    const key = off ? off[1]!.replaceAll('-', '_') : name;
    found.set(key, new Setting(key, off ? false : value, off ? 'false' : oneLine(text), at(word)));
  }
  return found;
}

function isOption({ value, text }: Word): boolean {
  return /^--?[A-Za-z]/.test(value ?? text);
}

/** A word as the value that it stands for: numbers, `true`, JSON; else a text. */
function scalarOf(text: string): unknown {
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  if (/^none$/i.test(text)) return null;
  if (/^[+-]?(\d[\d_]*\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text.replaceAll('_', ''));
  if (!/^[[{]/.test(text)) return text;
  try {
    const value: unknown = parse(text, { maxAliasCount: 0 });
    return value;
  } catch {
    return text;
  }
}
