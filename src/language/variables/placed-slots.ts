import type { ScalarNode } from '../tree.ts';
import { slotsOf, type Slot } from './slots.ts';

/** A `${…}` of a text, with where it stands in the file. */
export interface PlacedSlot {
  slot: Slot;
  /** UTF-16 code units from the start of the file; `undefined` where escapes or line breaks keep it from standing there letter by letter. */
  start: number | undefined;
}

/** The slots of a text, in their order: found in the file by what they say, as quotes and line breaks move what a value says. */
export function placedSlots(node: ScalarNode): PlacedSlot[] {
  if (typeof node.value !== 'string') return [];
  const written = slotsOf(node.document.file.text.slice(node.start, node.end));
  let next = 0;
  return slotsOf(node.value).map((slot) => {
    const index = written.findIndex(({ text }, at) => at >= next && text === slot.text);
    if (index < 0) return { slot, start: undefined };
    next = index + 1;
    return { slot, start: node.start + written[index]!.start };
  });
}
