import { merged } from '../effective.ts';
import { entryOf, valueAt } from '../node.ts';
import type { Project } from '../project.ts';
import type { Entry, Node, TuneDocument } from '../tree.ts';
import { placedSlots } from './placed-slots.ts';
import { Scope, type SlotValue } from './scope.ts';
import { meaningOf, slotsOf, type Slot } from './slots.ts';

/** A `${…}` of a value, with what it stands for in its document. */
export interface FoundSlot {
  slot: Slot;
  value: SlotValue;
  /** The variable as it is written in `vars`, of this document or of one that it extends. */
  entry: Entry | undefined;
}

/** The slots of a value in a document. */
export function slotsIn(project: Project, document: TuneDocument, node: Node): FoundSlot[] {
  const root = merged(project, document);
  if (!root || node.type !== 'scalar' || typeof node.value !== 'string') return [];
  const scope = new Scope(project, document, root);
  const vars = valueAt(root, 'vars');
  return slotsOf(node.value).map((slot) => {
    const meaning = meaningOf(slot.expression);
    const entry = meaning?.of === 'vars' ? entryOf(vars, meaning.name) : undefined;
    return { slot, value: scope.valueOf(slot), entry };
  });
}

/** The slot of a value that an offset of the file stands in. */
export function slotAt(
  project: Project,
  document: TuneDocument,
  node: Node,
  offset: number,
): FoundSlot | undefined {
  if (node.type !== 'scalar') return undefined;
  const index = placedSlots(node).findIndex(
    ({ slot, start }) => start !== undefined && start <= offset && offset <= start + slot.text.length,
  );
  return slotsIn(project, document, node)[index];
}
