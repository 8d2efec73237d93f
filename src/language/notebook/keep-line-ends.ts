/**
 * A text as an editor gives it back (all lines end alike) with the line ends that it had: those of lines that did not
 * change stay, whatever they are; new lines end as most do.
 */
export function keepLineEnds(original: string, edited: string): string {
  const before = splitLines(original);
  const after = splitLines(edited);
  let first = 0;
  while (first < Math.min(before.length, after.length) && before[first]?.text === after[first]?.text) first++;
  let last = 0;
  const most = Math.min(before.length, after.length) - first;
  while (last < most && before.at(-1 - last)?.text === after.at(-1 - last)?.text) last++;
  const usual = usualEnd(before);
  return after
    .map(({ text, end }, index) => {
      const same =
        index < first
          ? before[index]
          : index >= after.length - last
            ? before[before.length - after.length + index]
            : undefined;
      if (end === '') return text;
      return text + (same && same.end !== '' ? same.end : usual);
    })
    .join('');
}

interface Line {
  text: string;
  end: string;
}

function splitLines(text: string): Line[] {
  const parts = text.split(/(\r\n|\r|\n)/);
  const lines: Line[] = [];
  for (let index = 0; index < parts.length; index += 2) {
    lines.push({ text: parts[index] ?? '', end: parts[index + 1] ?? '' });
  }
  return lines;
}

/** The line end that most lines have; `\n` where there is none. */
function usualEnd(lines: readonly Line[]): string {
  const counts = new Map<string, number>();
  for (const { end } of lines) if (end !== '') counts.set(end, (counts.get(end) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? '\n';
}
