/** `a, b and c` in code marks; a long list is cut: `a, b, c and 74 more`. */
export function listNames(names: readonly string[], limit = 6, word: 'and' | 'or' = 'and'): string {
  const marked = names.slice(0, limit).map((name) => `\`${name}\``);
  const more = names.length - marked.length;
  const last = more > 0 ? `${more} more` : marked.pop();
  return marked.length > 0 ? `${marked.join(', ')} ${word} ${last ?? ''}` : (last ?? '');
}
