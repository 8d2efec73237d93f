/** A word of a shell command. */
export interface Word {
  /** What the program is given; `undefined` where only the shell would tell. */
  value: string | undefined;
  /** The word as it is written. */
  text: string;
  /** Where it begins, in UTF-16 code units. */
  from: number;
}

/** The longest value of a variable that is followed; one that grows by itself ends there. */
const LONGEST = 10_000;

/** What stands in quotes: no blank line, and no apostrophe within a word, which prose has. */
const QUOTED = /(?<!\w)'(?:[^'\n]|\n(?!\s*\n))*'|"(?:[^"\\\n]|\\[\s\S]|\n(?!\s*\n))*"/.source;
/** Blanks, a comment, the end of a line or of a command, a redirection, a word. */
const TOKEN = `(?:\\\\\\r?\\n|[ \\t\\f\\v\\u00a0])+|#[^\\n]*|\\r?\\n|\\r|[;&|]+|[<>]+|(?:\\\\[^\\r\\n]|\\$\\([^()\\n]*\\)|${QUOTED}|[^\\s;&|<>\\\\'"]|['"])+|\\\\|\\s`;
const PART = new RegExp(`${QUOTED}|\\\\[\\s\\S]|[^'"\\\\]+|['"\\\\]`, 'g');

/**
 * The commands of a shell script as words, quotes and variables resolved. A text of another kind gives words that mean nothing, and
 * is never refused: a quote that nothing closes ends with its line.
 */
export function readWords(text: string): Word[][] {
  const variables = new Map<string, string | undefined>();
  const commands: Word[][] = [];
  const token = new RegExp(TOKEN, 'y');
  let words: Word[] = [];
  const end = () => {
    const command = withoutAssignments(words, variables);
    if (command.length > 0) commands.push(command);
    words = [];
  };
  for (;;) {
    const from = token.lastIndex;
    const match = token.exec(text);
    if (!match) break;
    const [word] = match;
    if (/^[\r\n;&|]/.test(word)) end();
    else if (!/^(\\\r?\n|\\$|[\s#<>])/.test(word))
      words.push({ text: word, from, value: unquote(word, variables) });
  }
  end();
  return commands;
}

/** Notes `NAME=value` in front of a command, `export` or not, and takes it and a prompt (`$`, `!`) away. */
function withoutAssignments(words: readonly Word[], variables: Map<string, string | undefined>): Word[] {
  let i = 0;
  for (; i < words.length; i++) {
    const { text, value } = words[i]!;
    const [, name] = /^([A-Za-z_]\w*)=/.exec(text) ?? [];
    if (name !== undefined) {
      const given = value?.slice(name.length + 1);
      variables.set(name, given !== undefined && given.length > LONGEST ? undefined : given);
    } else if (!/^(export|env|sudo|\$|!|%)$/.test(text)) break;
  }
  const [first, ...rest] = words.slice(i);
  // A line of a notebook: `!python train.py`.
  if (first?.value?.startsWith('!')) return [{ ...first, value: first.value.slice(1) }, ...rest];
  return words.slice(i);
}

/** What a word stands for without its quotes, with its variables. */
function unquote(word: string, variables: ReadonlyMap<string, string | undefined>): string | undefined {
  let value = '';
  for (const [part] of word.matchAll(PART)) {
    if (part.startsWith("'") && part.length > 1) value += part.slice(1, -1);
    else if (part.startsWith('\\')) value += part.slice(1);
    else {
      const isQuoted = part.startsWith('"') && part.length > 1;
      const inner = isQuoted
        ? part.slice(1, -1).replace(/\\([\\"$`]|\r?\n)/g, (_, each: string) => each.trim())
        : part;
      const known = replaceVariables(inner, variables);
      if (known === undefined) return undefined;
      value += known;
    }
  }
  return value;
}

function replaceVariables(
  text: string,
  variables: ReadonlyMap<string, string | undefined>,
): string | undefined {
  // What another command prints is not known; `$((…))` is computed by the shell.
  if (/\$\(|`/.test(text)) return undefined;
  let isKnown = true;
  const replaced = text.replace(/\$(?:\{(\w+)(?::?-([^}]*))?\}|(\w+))/g, (_, braced, usual, plain) => {
    const name = String(braced ?? plain);
    const value = variables.get(name) ?? (typeof usual === 'string' ? usual : undefined);
    if (value === undefined) isKnown = false;
    return value ?? '';
  });
  return isKnown && replaced.length <= LONGEST ? replaced : undefined;
}
