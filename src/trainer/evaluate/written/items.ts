import type { DataReference } from '../../../language/resolved.ts';
import type { TunebookError } from '../../../protocol/error.ts';
import type { Message } from '../../data/chat-template.ts';
import { conversationReader, type RowConversation } from '../../data/conversation.ts';
import { emptyData, filesOf, nameOf, textOf } from '../../data/columns.ts';
import { makePauses } from '../../data/pause.ts';
import { dataError, placeOf } from '../../data/problem.ts';
import type { SourceRow } from '../../data/read.ts';
import { readSplit } from '../../data/read-split.ts';
import type { Prompt } from '../../generate/prompt-tokens.ts';

/** A row to answer. */
export interface Item {
  readonly row: SourceRow;
  /** What a reader of the record sees as the input. */
  readonly input: string;
  /** What should be answered. */
  readonly reference: string;
  /** What a model that was trained on such rows is asked; absent for labels, which need a prompt. */
  readonly prompt?: Prompt;
  /** What can be chosen, where each row has choices of its own. */
  readonly choices?: readonly string[];
  /** The places of the right choices. */
  readonly gold?: readonly number[];
  /** What stands between the prompt and a choice; a space where nothing is said and the prompt does not end with one. */
  readonly delimiter?: string;
}

/** What is done with the rows of a split: a label or one of the row's choices is chosen, a text is written, or a whole text is scored. */
export type ItemKind = 'label' | 'choice' | 'text' | 'whole';

export interface Items {
  /** The split as a config refers to it: `facts.test`. */
  readonly data: string;
  readonly kind: ItemKind;
  readonly list: readonly Item[];
}

/** How a format's rows are asked about; undefined for formats that are not. */
export function itemKind(format: string): ItemKind | undefined {
  if (format === 'classification') return 'label';
  if (['prompt-completion', 'chat', 'alpaca', 'sharegpt'].includes(format)) return 'text';
  return format === 'text' ? 'whole' : undefined;
}

/**
 * Reads the rows of a split with what should be answered to each.
 * @throws TunebookError `evaluate/no-reference` for a conversation that does not end with the assistant, `evaluate/unsupported` for a format
 *   that holds no answers, `data/…`, `file/…`; the signal's reason when aborted
 * @param most rows that are read at most
 */
export async function readItems(
  reference: DataReference,
  signal: AbortSignal,
  most = Infinity,
): Promise<Items> {
  const { dataset } = reference;
  const kind = itemKind(dataset.format);
  if (!kind) throw noAnswers(reference);
  const files = filesOf(reference);
  const read = readerOf(reference);
  const list: Item[] = [];
  let header: readonly string[] | undefined;
  const pause = makePauses({ signal });
  const onColumns = (_: string, columns: string[]) => (header = columns);
  for await (const row of readSplit(reference, { onColumns, signal })) {
    list.push({ row, ...read(row) });
    if (list.length >= most) break;
    await pause(list.length);
  }
  if (list.length === 0) throw emptyData(reference, files, header);
  return { data: nameOf(reference), kind, list };
}

function readerOf({ dataset }: DataReference): (row: SourceRow) => Omit<Item, 'row'> {
  const { columns } = dataset;
  const conversation = conversationReader(dataset);
  if (conversation) return (row) => readConversation(row, conversation(row));
  const column = (role: string) => columns[role] ?? role;
  switch (dataset.format) {
    case 'classification':
      return (row) => {
        const texts = [textOf(row, 'text', column('text'))];
        if (columns['text_pair'] !== undefined) texts.push(textOf(row, 'text_pair', columns['text_pair']));
        return { input: texts.join('\n'), reference: labelOf(row, column('label')) };
      };
    case 'prompt-completion':
      return (row) => {
        const input = textOf(row, 'prompt', column('prompt'));
        return { input, reference: textOf(row, 'completion', column('completion')), prompt: { text: input } };
      };
    case 'text':
    case 'chat':
    case 'alpaca':
    case 'sharegpt':
    case 'multi-label-classification':
    case 'regression':
    case 'tokens':
    case 'preference':
    case 'auto':
      return (row) => {
        const text = textOf(row, 'text', column('text'));
        return { input: text, reference: text };
      };
  }
}

/** Labels may be numbers in JSON. */
function labelOf(row: SourceRow, column: string): string {
  const value = row.values[column];
  return typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : textOf(row, 'label', column);
}

/** The last message of the assistant is the reference, and what comes before it the prompt. */
function readConversation(row: SourceRow, { messages, tools }: RowConversation): Omit<Item, 'row'> {
  const reference = textIn(messages.at(-1));
  if (messages.at(-1)?.role !== 'assistant' || reference === undefined || messages.length < 2)
    throw dataError(
      'evaluate/no-reference',
      `${placeOf(row)} has a conversation that does not end with a text of the assistant, so there is nothing to compare an answer with.`,
      { file: row.file, line: row.line },
      'End it with the answer that is expected, or leave the row out.',
    );
  const asked = messages.slice(0, -1);
  const input = textIn(asked.findLast(({ role }) => role === 'user')) ?? '';
  return { input, reference, prompt: { messages: asked, ...(tools === undefined ? {} : { tools }) } };
}

function textIn(message: Message | undefined): string | undefined {
  const content = message?.['content'];
  return typeof content === 'string' ? content : undefined;
}

function noAnswers(reference: DataReference): TunebookError {
  return dataError(
    'evaluate/unsupported',
    `${nameOf(reference)} is of format "${reference.dataset.format}", which an evaluation does not ask about.`,
    { file: reference.dataset.file },
    'Evaluate on a data set of format classification, prompt-completion, chat or text.',
  );
}
