import type { PromptFacts } from '../protocol/inspect.ts';
import { dirname, relativePath } from './path.ts';
import type { TuneFile } from './tree.ts';

/** A prompt of a file, with what was found out; without facts where it has mistakes, or nothing may be read. */
export interface PromptView {
  name: string;
  facts?: PromptFacts;
  /** Why there are no facts, as a sentence. */
  reason?: string;
}

/** Prompts as a person reads them: each with the row that it is filled with, its tokens, and what is asked, as it is sent. */
export function promptViewText(file: TuneFile, views: readonly PromptView[]): string {
  if (views.length === 0) return 'This config has no `prompt:`.\n';
  return `${views.map((view) => section(file, view)).join('\n\n\n')}\n`;
}

function section(file: TuneFile, { name, facts, reason }: PromptView): string {
  const lines = [`# ${name}`];
  if (!facts) return [...lines, reason ?? 'Nothing is known of it.'].join('\n');
  const { data, row = 0, place, parts, counted, notes, problem } = facts;
  if (data !== undefined && place)
    lines.push(
      `Row ${row + 1} of ${data}: line ${place.line} of ${relativePath(dirname(file.path), place.file)}`,
    );
  for (const { candidate, tokens, context } of counted)
    lines.push(
      tokens < context
        ? `${count(tokens)} for ${candidate}, which reads ${context} together with its answer`
        : `TOO LONG: ${count(tokens)} for ${candidate}, which reads ${context} together with its answer`,
    );
  lines.push(...notes);
  if (problem !== undefined) lines.push(`Cannot be filled: ${problem}`);
  else if (data === undefined)
    lines.push(
      `Nothing says which rows it is for: give a candidate of an \`evaluate:\` in this file \`prompt: ${name}\`.`,
    );
  for (const { role, text, tokens } of parts) {
    const words = [role ?? 'text', ...(tokens === undefined ? [] : [count(tokens)])];
    lines.push('', `## ${words.join(', ')}`, text);
  }
  return lines.join('\n');
}

function count(tokens: number): string {
  return `${tokens} ${tokens === 1 ? 'token' : 'tokens'}`;
}
