/** A document of a config that can be started. */
export type Runnable = Section<'run' | 'evaluate' | 'sweep'>;

/** A document of a config, as its lines tell it. */
export interface Section<Kind extends string> {
  kind: Kind;
  name: string;
  /** Where its kind word stands, from 0. */
  line: number;
  /** The lines of the whole document, `end` not included. */
  start: number;
  end: number;
}

/**
 * What can be started in a config: every document with a `run:` or `evaluate:` key. The kind words are reserved at the top
 * level and a key there begins its line, so lines tell it all, also while the rest of the file is broken; and the
 * extension host need not load a YAML parser for it.
 */
export function findRunnables(text: string): Runnable[] {
  return findSections(text).filter((section) => section.kind !== 'prompt');
}

/** The prompts of a config, found as {@link findRunnables} finds what can be started. */
export function findPrompts(text: string): Section<'prompt'>[] {
  return findSections(text).filter((section) => section.kind === 'prompt');
}

/** Both at once, in the order of the text. */
export function findSections(text: string): (Runnable | Section<'prompt'>)[] {
  const lines = text.split(/\r?\n/);
  const found: (Runnable | Section<'prompt'> | undefined)[] = [];
  let start = 0;
  for (let line = 0; line <= lines.length; line++) {
    const content = lines[line];
    if (content !== undefined && !/^(---|\.\.\.)(\s|$)/.test(content)) continue;
    found.push(
      sectionIn<'prompt'>(lines, /^(prompt)\s*:\s+(.*)$/, start, line),
      runnableIn(lines, start, line),
    );
    start = line;
  }
  return found.filter((each) => each !== undefined);
}

function runnableIn(lines: readonly string[], start: number, end: number): Runnable | undefined {
  // `run` in a sweep and `evaluate` in an objective name another document.
  const has = (kind: string) =>
    lines.slice(start, end).some((line) => new RegExp(`^(---\\s+)?${kind}\\s*:(\\s|$)`).test(line));
  if (has('objective')) return undefined;
  const word = has('sweep') ? /^(sweep)\s*:\s+(.*)$/ : /^(run|evaluate)\s*:\s+(.*)$/;
  return sectionIn(lines, word, start, end);
}

/** @param word the kind word and what stands behind it */
function sectionIn<Kind extends string>(
  lines: readonly string[],
  word: RegExp,
  start: number,
  end: number,
): Section<Kind> | undefined {
  for (let line = start; line < end; line++) {
    // The first line of a document may stand behind its `---`.
    const content = (lines[line] ?? '').replace(/^---\s+/, '');
    const match = word.exec(content);
    const name = match && scalar(match[2] ?? '');
    if (!match || !name) continue;
    // SAFETY: the expressions that this is called with let no other word through.
    return { kind: match[1] as Kind, name, line, start, end };
  }
  return undefined;
}

/** A plain or quoted scalar without its comment; undefined for anything else. */
function scalar(text: string): string | undefined {
  const quoted = /^(["'])(.*?)\1\s*(#.*)?$/.exec(text);
  if (quoted) return quoted[2];
  const plain = text.replace(/(^|\s)#.*$/, '').trim();
  return plain === '' || /^[[{&*!|>%@`"']/.test(plain) ? undefined : plain;
}
