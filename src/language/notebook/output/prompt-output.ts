import type { PromptDescription } from '../../../protocol/notebook.ts';
import { markdownTable, plainMarkdown } from './table.ts';

/** A prompt that is longer is cut off here, in characters: a notebook is read by people. */
const LONGEST = 3000;

/** What a model is asked for a few rows, as Markdown: token counts where a model is known, and the prompts as they are sent. */
export function promptOutput({ name, data, rows, counted, notes }: PromptDescription): string {
  const head =
    data === undefined
      ? `**${plainMarkdown(name)}** is shown on no row.`
      : `**${plainMarkdown(name)}** on ${rows.length === 1 ? 'a row' : `${rows.length} rows`} of ${plainMarkdown(data)}.`;
  const table =
    counted.length === 0
      ? ''
      : markdownTable(
          ['row', ...counted.map((candidate) => `tokens, ${plainMarkdown(candidate)}:`)],
          rows.map(({ place, tokens }) => [
            plainMarkdown(place),
            ...tokens.map((count) => count.toLocaleString('en-US')),
          ]),
        );
  const prompts = rows.map(({ place, text }) => `${plainMarkdown(place)}:\n\n${fenced(text)}`);
  const parts = [head, table, ...prompts, notes.map((note) => `- ${plainMarkdown(note, 1000)}`).join('\n')];
  return parts.filter((part) => part !== '').join('\n\n');
}

/** A text in a fence that no line of it closes. */
function fenced(text: string): string {
  const shown = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  const longest = Math.max(2, ...(shown.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${shown.replace(/\r\n|\r/g, '\n')}\n${fence}`;
}
