import type { Message } from './chat-template.ts';
import { missingColumn, textOf } from './columns.ts';
import { dataError, placeOf, quote } from './problem.ts';
import type { SourceRow } from './row.ts';

/**
 * The template that conversations of Alpaca's files get where the tokenizer has none of its own: LLaMA-Factory's
 * `template: alpaca`.
 */
export const ALPACA_TEMPLATE = [
  "{%- if messages[0]['role'] == 'system' -%}{{ messages[0]['content'] }}",
  "{%- else -%}{{ 'Below is an instruction that describes a task. Write a response that appropriately completes the request.\\n\\n' }}{%- endif -%}",
  '{%- for message in messages -%}',
  "{%- if message['role'] == 'user' -%}{{ '### Instruction:\\n' + message['content'] + '\\n\\n### Response:\\n' }}",
  "{%- elif message['role'] == 'assistant' -%}{{ message['content'] }}{{ eos_token }}{{ '\\n\\n' }}{%- endif -%}",
  '{%- endfor -%}',
].join('');

/**
 * A row of Alpaca's files as messages, as LLaMA-Factory makes them: `history` as earlier turns, the instruction and, on a
 * line of its own, the input as what the user says, the output as the answer, `system` in front.
 * @throws TunebookError `data/missing-column`, `data/empty-text`, `data/not-text`, `data/bad-messages`
 */
export function alpacaConversation(
  row: SourceRow,
  columns: Readonly<Record<string, string>>,
): { messages: Message[] } {
  const column = (role: string) => columns[role] ?? role;
  if (!(column('output') in row.values)) throw missingColumn(row, 'output', column('output'));
  const query = [textOf(row, 'instruction', column('instruction')), optionalText(row, column('input'))];
  const system = optionalText(row, column('system'));
  return {
    messages: [
      ...(system ? [{ role: 'system', content: system }] : []),
      ...historyOf(row, column('history')),
      { role: 'user', content: query.filter((part) => part !== '').join('\n') },
      { role: 'assistant', content: textOf(row, 'output', column('output')) },
    ],
  };
}

/** The text of a column that may be absent or empty. */
export function optionalText(row: SourceRow, column: string): string {
  const value = row.values[column];
  return value === undefined || value === null || value === '' ? '' : textOf(row, column, column);
}

function historyOf(row: SourceRow, column: string): Message[] {
  const value: unknown = row.values[column] ?? [];
  const { file, line } = row;
  const bad = () =>
    dataError(
      'data/bad-messages',
      `${placeOf({ file, line })} has ${quote(value)} in the column "${column}", which is no list of earlier turns.`,
      { file, line },
      'A history is a list of pairs: [["what the user said", "what was answered"], …].',
    );
  if (!Array.isArray(value)) throw bad();
  return value.flatMap((turn: unknown) => {
    const pair: unknown[] = Array.isArray(turn) ? turn : [];
    const [said, answered] = pair;
    if (typeof said !== 'string' || typeof answered !== 'string') throw bad();
    return [
      { role: 'user', content: said },
      { role: 'assistant', content: answered },
    ];
  });
}
