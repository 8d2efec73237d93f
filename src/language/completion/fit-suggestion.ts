import { yamlString } from '../problem.ts';
import { plainText } from './snippet.ts';
import type { Completion, CompletionContext, Suggestion } from './types.ts';

/**
 * Fits a suggestion into the text at the cursor: its quotes, the space behind a colon, a dash, a comma. `undefined`
 * where it cannot stand there.
 */
export function fitSuggestion(
  suggestion: Suggestion,
  { cursor, typed }: CompletionContext,
  index: number,
): Completion | undefined {
  const { label, kind, detail, documentation } = suggestion;
  const text = textOf(suggestion, cursor.quote);
  if (text === undefined) return undefined;
  const before = (cursor.glued ? ' ' : '') + (cursor.place === 'item' ? '- ' : '');
  const after = cursor.followed ? ',' : '';
  return {
    label,
    kind,
    detail,
    documentation,
    start: cursor.start,
    end: cursor.end,
    newText: before + text + after,
    snippet: suggestion.snippet !== undefined,
    filterText: filterOf(suggestion, text, typed),
    sortText: String(index).padStart(4, '0'),
  };
}

/** What editors compare with the text between the start of the place and the cursor. */
function filterOf({ snippet, kind, label }: Suggestion, text: string, typed: string): string {
  if (snippet !== undefined) return kind === 'value' ? plainText(text) : label;
  return text.startsWith('./') && !typed.startsWith('.') ? text.slice(2) : text;
}

function textOf({ value, yaml, snippet }: Suggestion, quote: '"' | "'" | undefined): string | undefined {
  if (value !== undefined) return quote === undefined ? yamlString(value) : quoted(value, quote);
  return quote === undefined ? (yaml ?? snippet) : undefined;
}

function quoted(value: string, quote: '"' | "'"): string {
  return quote === '"' ? JSON.stringify(value) : `'${value.replaceAll("'", "''")}'`;
}
