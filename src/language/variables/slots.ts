/** A `${…}` in a text. */
export interface Slot {
  /** As it is written: `${vars.rate}`. */
  text: string;
  /** What is between the braces. */
  expression: string;
  /** Offsets in the text. */
  start: number;
  end: number;
}

/** What a slot asks for; `undefined` where it is none of the three forms. */
export type SlotMeaning = { of: 'vars' | 'env'; name: string } | { of: 'workspace' };

/** `$${` is a `${` that is meant as it stands. */
const SLOT = /\$(\$\{)|\$\{([^{}\r\n]*)\}/g;

/** The slots of a text, in their order. */
export function slotsOf(text: string): Slot[] {
  if (!text.includes('${')) return [];
  return [...text.matchAll(SLOT)].flatMap((match) => {
    const [written, escaped, expression = ''] = match;
    if (escaped !== undefined) return [];
    return [
      { text: written, expression: expression.trim(), start: match.index, end: match.index + written.length },
    ];
  });
}

/** Whether anything in a text would be replaced. */
export function hasSlots(text: string): boolean {
  return text.includes('${');
}

/** What stands between the braces of a slot, understood. */
export function meaningOf(expression: string): SlotMeaning | undefined {
  if (expression === 'workspace') return { of: 'workspace' };
  const [, of, name] = /^(vars|env)\.([A-Za-z0-9_][A-Za-z0-9_-]*)$/.exec(expression) ?? [];
  if (name === undefined) return undefined;
  return { of: of === 'vars' ? 'vars' : 'env', name };
}

/**
 * A text with every slot replaced by what `fill` gives for it; `undefined` as soon as it gives that for one. `$${` becomes
 * `${`.
 */
export function fillSlots(text: string, fill: (slot: Slot) => string | undefined): string | undefined {
  let out = '';
  let at = 0;
  for (const slot of slotsOf(text)) {
    const value = fill(slot);
    if (value === undefined) return undefined;
    out += unescape(text.slice(at, slot.start)) + value;
    at = slot.end;
  }
  return out + unescape(text.slice(at));
}

function unescape(text: string): string {
  return text.replaceAll('$${', '${');
}
