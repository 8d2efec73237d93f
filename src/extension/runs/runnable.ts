/** A document of a config that can be started. */
export interface Runnable {
  kind: 'run' | 'evaluate' | 'sweep';
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
  const lines = text.split(/\r?\n/);
  const found: Runnable[] = [];
  let start = 0;
  for (let line = 0; line <= lines.length; line++) {
    const content = lines[line];
    if (content !== undefined && !/^(---|\.\.\.)(\s|$)/.test(content)) continue;
    const runnable = inDocument(lines, start, line);
    if (runnable) found.push(runnable);
    start = line;
  }
  return found;
}

function inDocument(lines: readonly string[], start: number, end: number): Runnable | undefined {
  // `run` in a sweep and `evaluate` in an objective name another document.
  const has = (kind: string) =>
    lines.slice(start, end).some((line) => new RegExp(`^(---\\s+)?${kind}\\s*:(\\s|$)`).test(line));
  if (has('objective')) return undefined;
  const word = has('sweep') ? /^(sweep)\s*:\s+(.*)$/ : /^(run|evaluate)\s*:\s+(.*)$/;
  for (let line = start; line < end; line++) {
    // The first line of a document may stand behind its `---`.
    const content = (lines[line] ?? '').replace(/^---\s+/, '');
    const match = word.exec(content);
    const name = match && scalar(match[2] ?? '');
    if (!match || !name) continue;
    // SAFETY: the expressions above let no other word through.
    return { kind: match[1] as Runnable['kind'], name, line, start, end };
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
