import { basename } from '../path.ts';
import type { Project } from '../project.ts';
import type { Node, TuneDocument } from '../tree.ts';
import { slotsIn, type FoundSlot } from '../variables/at-offset.ts';
import { meaningOf } from '../variables/slots.ts';
import { writeValue } from '../write-value.ts';

/** What the `${…}` of a value stand for, a line each; empty where there are none. */
export function variablesMarkdown(project: Project, document: TuneDocument, node: Node): string {
  return slotsIn(project, document, node).map(describe).join('\n');
}

function describe({ slot, value, entry }: FoundSlot): string {
  const name = `- \`${slot.text}\``;
  if (value.value === undefined) {
    return value.reason === 'not-known'
      ? `${name} is filled in when the document is carried out.`
      : `${name} stands for nothing.`;
  }
  // What an environment variable holds may be secret, and a hover is seen by whoever sees the screen.
  if (meaningOf(slot.expression)?.of === 'env') return `${name} is set in the environment.`;
  const written = `${name} is \`${writeValue(value.value).replaceAll('`', "'")}\``;
  if (!entry) return `${written}.`;
  const { file, name: holder = '' } = entry.value.document;
  return `${written}, from \`vars\` of \`${holder}\` (${basename(file.path)}:${file.lines.position(entry.key.start).line}).`;
}
