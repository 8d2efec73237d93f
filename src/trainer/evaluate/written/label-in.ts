/** What stands for an answer that names no label, or several. */
export const NO_LABEL = '(no label)';

/**
 * The label that an answer in words names: the whole answer, or the only label that stands in it as words of its own. Case,
 * punctuation around it and the parts of a longer label that is there do not count.
 * @returns one of the labels, or {@link NO_LABEL}
 */
export function labelIn(text: string, labels: readonly string[]): string {
  const said = plain(text);
  const whole = labels.find((label) => plain(label) === said);
  if (whole !== undefined) return whole;
  let rest = ` ${said} `;
  const found: string[] = [];
  for (const label of [...labels].sort((a, b) => b.length - a.length)) {
    const words = ` ${plain(label)} `;
    if (words.trim() === '' || !rest.includes(words)) continue;
    found.push(label);
    rest = rest.replaceAll(words, '  ');
  }
  return found.length === 1 ? found[0]! : NO_LABEL;
}

/** Lower case, and a single space for everything that is neither letter nor digit. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
