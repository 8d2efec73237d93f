import { effective } from '../effective.ts';
import { shorten } from '../help/summarise-document.ts';
import { valueAt } from '../node.ts';
import type { CompletionContext, Suggestion } from './types.ts';

/** What can stand for a value by name, where a `$` has been typed. */
export function suggestVariables({ project, document, cursor, typed }: CompletionContext): Suggestion[] {
  if (!typed.startsWith('$')) return [];
  const vars = document && valueAt(effective(project, document), 'vars');
  const entries = vars?.type === 'map' ? vars.entries : [];
  const names = [...new Map(entries.map((entry) => [entry.name, entry])).values()];
  // In braces a plain text cannot hold braces.
  const text = (slot: string) =>
    cursor.quote !== undefined ? { value: slot } : { yaml: cursor.flow ? JSON.stringify(slot) : slot };
  return [
    ...names.map(({ name, value }) => ({
      ...text(`\${vars.${name}}`),
      label: `\${vars.${name}}`,
      kind: 'value' as const,
      detail: shorten(value),
      documentation: `**\${vars.${name}}** · a variable of \`vars\`\n\nIt is \`${shorten(value)}\`.`,
    })),
    {
      ...text('${workspace}'),
      label: '${workspace}',
      kind: 'value',
      detail: 'the workspace folder',
      documentation: '**${workspace}** · the folder that holds `.tunebook` or `.git`.',
    },
  ];
}
