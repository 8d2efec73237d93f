import { merged } from '../effective.ts';
import { entryOf, scalarsIn, scalarAt, valueAt } from '../node.ts';
import type { replaceFix } from '../problem.ts';
import { problem, removeFix, type Place, type Problem } from '../problem.ts';
import type { Project } from '../project.ts';
import type { Entry, MapNode, Node, ScalarNode, TuneDocument } from '../tree.ts';
import { placedSlots } from '../variables/placed-slots.ts';
import { isList, Scope, type SlotValue } from '../variables/scope.ts';
import { hasSlots, meaningOf, slotsOf, type Slot } from '../variables/slots.ts';
import { listNames } from './list-names.ts';
import { isExtended } from './missing.ts';

/** What is wrong with the `${…}` of a document and of what it inherits, and variables that nothing uses. */
export function checkVariables(project: Project, document: TuneDocument): Problem[] {
  const root = merged(project, document);
  if (!root) return [];
  const scope = new Scope(project, document, root);
  // What a document leaves open, those that extend it may say.
  const mayBeSaid = isExtended(project, document);
  const found: Problem[] = [];
  let circle: Problem | undefined;
  for (const node of scalarsOf(root)) {
    for (const slot of slotsOf(String(node.value))) {
      const value = scope.valueOf(slot);
      if (value.value !== undefined) {
        if (isList(value.value) && slot.text !== node.value) found.push(listInText(node, slot));
      } else if (!(mayBeSaid && value.reason === 'unknown')) {
        const explained = explain(node, slot, value, scope);
        // A circle is told once, where it closes.
        if (value.reason === 'cycle') circle = isIn(valueAt(root, 'vars'), node) ? explained : circle;
        else if (explained) found.push(explained);
      }
    }
  }
  if (circle) found.push(circle);
  return [...found, ...(mayBeSaid ? [] : unused(root, document))];
}

function isIn(map: Node | undefined, node: Node): boolean {
  return map?.document === node.document && map.start <= node.start && node.end <= map.end;
}

/** The texts of a document, but for its name and its `extends`. */
function* scalarsOf(root: MapNode): Generator<ScalarNode> {
  const seen = new Set<Node>();
  for (const { name, value } of root.entries) {
    if (name === 'extends' || name === root.document.kind) continue;
    for (const node of scalarsIn(value, seen)) {
      if (typeof node.value === 'string' && hasSlots(node.value)) yield node;
    }
  }
}

function explain(node: ScalarNode, slot: Slot, found: SlotValue, scope: Scope): Problem | undefined {
  if (found.value !== undefined || found.reason === 'not-known') return undefined;
  const { place, replace } = placeOf(node, slot);
  const meaning = meaningOf(slot.expression);
  const name = meaning && 'name' in meaning ? meaning.name : slot.expression;
  const near = 'near' in found ? found.near : undefined;
  const fix = near === undefined ? undefined : replace(near);
  switch (found.reason) {
    case 'cycle': {
      const message = `\`${slot.text}\` stands for itself: following it leads back here. Write a value into one \`vars\` of the circle.`;
      return problem('tune/variable-cycle', place, message);
    }
    case 'unset': {
      const message = `The environment variable \`${name}\` is not set. Set it, or write the value here.`;
      return problem('tune/unknown-variable', place, message);
    }
    case 'unknown': {
      const names = scope.names;
      const others =
        names.length === 0 ? `Add \`vars: { ${name}: … }\`.` : `\`vars\` has ${listNames(names)}.`;
      const hint = near === undefined ? others : `Did you mean \`\${${near}}\`?`;
      return problem('tune/unknown-variable', place, `There is no variable \`${name}\`. ${hint}`, [fix]);
    }
    case 'malformed': {
      const hint =
        near === undefined ? 'Write `$${` where it is meant as it stands.' : `Did you mean \`\${${near}}\`?`;
      const message = `\`${slot.text}\` is none of \`\${vars.NAME}\`, \`\${env.NAME}\` and \`\${workspace}\`. ${hint}`;
      return problem('tune/unknown-variable', place, message, [fix ?? escapeFix(node, slot)]);
    }
    case 'unfit':
      return undefined;
  }
}

function listInText(node: ScalarNode, slot: Slot): Problem {
  const message = `\`${slot.text}\` is a list, which cannot stand inside of a text. Write it alone, or take another variable.`;
  return problem('tune/wrong-type', placeOf(node, slot).place, message);
}

function escapeFix(node: ScalarNode, slot: Slot) {
  const { place } = placeOf(node, slot);
  const { file, start } = place;
  if (!file.text.startsWith('${', start)) return undefined;
  return { title: 'Write $${', edits: [{ file, start, end: start, newText: '$' }] };
}

/** Where a slot stands in the file; its whole text where it is not to be found there. */
function placeOf(
  node: ScalarNode,
  slot: Slot,
): { place: Place; replace: (expression: string) => ReturnType<typeof replaceFix> } {
  const { file } = node.document;
  const start = placedSlots(node).find((placed) => placed.slot.start === slot.start)?.start;
  const place =
    start === undefined
      ? { file, start: node.start, end: node.end }
      : { file, start, end: start + slot.text.length };
  const replace = (expression: string) => ({
    title: `Change to \${${expression}}`,
    edits: [{ ...place, newText: `\${${expression}}` }],
  });
  return { place, replace };
}

/** Variables of the document that neither it nor what it extends uses. */
function unused(root: MapNode, document: TuneDocument): Problem[] {
  const used = new Set<string>();
  const parent = scalarAt(document.root, 'extends');
  // In `extends` it stands for nothing, which is told there.
  for (const node of [...scalarsOf(root), ...(parent ? [parent] : [])]) {
    for (const { expression } of slotsOf(String(node.value))) {
      const meaning = meaningOf(expression);
      if (meaning?.of === 'vars') used.add(meaning.name);
    }
  }
  const vars = valueAt(document.root, 'vars');
  const entries: Entry[] = vars?.type === 'map' ? vars.entries : [];
  return entries
    .filter((entry) => !entry.merged && !used.has(entry.name) && entryOf(vars, entry.name) === entry)
    .map((entry) => {
      const message = `Nothing uses the variable \`${entry.name}\`: write \`\${vars.${entry.name}}\` where it is meant, or remove it.`;
      return problem('tune/unused-variable', entry.key, message, [removeFix(`Remove ${entry.name}`, entry)]);
    });
}
