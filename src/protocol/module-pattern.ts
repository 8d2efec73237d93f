/**
 * A regular expression that a whole name has to match, as PEFT reads `target_modules`; undefined for a text that is none. What Python writes
 * otherwise than JavaScript (`(?P<name>…)`, `\Z`, `(?i)`) is none either, so that nothing is matched otherwise than there.
 */
export function modulePattern(text: string): RegExp | undefined {
  try {
    // On its own first: `a)|(b` would be one only between the parentheses below.
    const { source } = new RegExp(text, 'u');
    return new RegExp(`^(?:${source})$`, 'u');
  } catch {
    return undefined;
  }
}
