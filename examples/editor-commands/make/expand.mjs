/**
 * Makes a sentence of a pattern: `(a|b|)` becomes one of its parts, which may hold choices again, and `{slot}` an entry of
 * `slots.slot`: a list of patterns, or a function of `random`. Spaces that an empty part leaves behind are dropped.
 *
 * @param {string} pattern
 * @param {Record<string, string[] | ((random: import('./random.mjs').Random) => string)>} slots
 * @param {import('./random.mjs').Random} random
 */
export function expand(pattern, slots, random) {
  const chosen = choose(pattern, random);
  const filled = chosen.replace(/\{([\w-]+)\}/g, (_, name) => {
    const slot = slots[name];
    if (slot === undefined) throw new Error(`"${pattern}" asks for {${name}}, which is no slot`);
    return typeof slot === 'function' ? slot(random) : expand(random.pick(slot), slots, random);
  });
  return filled
    .replace(/ +/g, ' ')
    .replace(/ (?=[,;.!?]( |$))/g, '')
    .trim();
}

/** Settles the choices, the innermost first. */
function choose(pattern, random) {
  for (let text = pattern; ;) {
    const next = text.replace(/\(([^()]*\|[^()]*)\)/g, (_, parts) => random.pick(parts.split('|')));
    if (next === text) return text;
    text = next;
  }
}
