import { folderOrHub, isPath, splitOf, type Detail, type ImportedData, type Paths } from './data.ts';
import { textOf, type Setting } from './settings.ts';

/** What a builder of torchtune makes of rows. */
export interface TorchtuneBuilder {
  /** Where the rows lie, for a ready-made set. */
  source?: string;
  format: string;
  /** Our role of a column to its name there. */
  columns?: Readonly<Record<string, string>>;
  /** What the prompt is learnt by where nothing is said. */
  trainOnInput?: true;
  /** Words that it writes around what is in the columns. */
  words?: string;
}

const ALPACA = { format: 'alpaca', trainOnInput: true, words: 'Below is an instruction that …' } as const;

/** torchtune's builders of data: the ready-made sets, and those for a person's own rows. */
export const TORCHTUNE_BUILDERS: Readonly<Record<string, TorchtuneBuilder>> = {
  alpaca_dataset: { source: 'tatsu-lab/alpaca', ...ALPACA },
  alpaca_cleaned_dataset: { source: 'yahma/alpaca-cleaned', ...ALPACA },
  slimorca_dataset: { source: 'Open-Orca/SlimOrca-Dedup', format: 'sharegpt' },
  samsum_dataset: {
    source: 'Samsung/samsum',
    format: 'prompt-completion',
    columns: { prompt: 'dialogue', completion: 'summary' },
    words: 'Summarize this dialogue: …',
  },
  grammar_dataset: {
    source: 'liweili/c4_200m',
    format: 'prompt-completion',
    columns: { prompt: 'input', completion: 'output' },
    words: 'Correct this to standard English: …',
  },
  wikitext_dataset: {
    source: 'EleutherAI/wikitext_document_level',
    format: 'text',
    columns: { text: 'page' },
  },
  cnn_dailymail_articles_dataset: {
    source: 'ccdv/cnn_dailymail',
    format: 'text',
    columns: { text: 'article' },
  },
  stack_exchange_paired_dataset: {
    source: 'lvwerra/stack-exchange-paired',
    format: 'preference',
    columns: { prompt: 'question', chosen: 'response_j', rejected: 'response_k' },
    words: 'Question: …',
  },
  hh_rlhf_helpfulness_dataset: { source: 'RLHFlow/HH-RLHF-Helpful-standard', format: 'preference' },
  chat_dataset: { format: 'chat' },
  multiturn_dataset: { format: 'chat' },
  instruct_dataset: { format: 'prompt-completion', columns: { prompt: 'input', completion: 'output' } },
  text_completion_dataset: { format: 'text' },
  preference_dataset: { format: 'preference' },
};

/** How `column_map` calls what our roles are. */
const COLUMN_MAP: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'prompt-completion': {
    input: 'prompt',
    output: 'completion',
    dialogue: 'prompt',
    summary: 'completion',
    sentence: 'prompt',
  },
  alpaca: { instruction: 'instruction', input: 'input', output: 'output' },
  preference: { prompt: 'prompt', chosen: 'chosen', rejected: 'rejected' },
  chat: { messages: 'messages' },
  sharegpt: { conversations: 'conversations' },
};

/** The fields that what is said of a set becomes. */
const DETAILS: Readonly<Record<string, string>> = {
  _component_: 'format',
  source: 'files',
  data_files: 'files',
  split: 'files',
  name: 'config',
  subset: 'config',
};

/** What a `dataset:` section of torchtune reads; a list of them is read one after the other. */
export function readTorchtuneData(section: Setting | undefined, context: { paths: Paths }): ImportedData[] {
  if (!section) return [];
  if (Array.isArray(section.value))
    return section.children.flatMap((each) => readTorchtuneData(each, context));
  const name = nameOf(section);
  const builder = Object.hasOwn(TORCHTUNE_BUILDERS, name) ? TORCHTUNE_BUILDERS[name] : undefined;
  const files = section.peek('data_files');
  const source = files === undefined ? (section.peek('source') ?? builder?.source) : undefined;
  // What an unknown builder makes of its rows is not known, and is named as a whole.
  if (!builder || (files === undefined && typeof source !== 'string')) return [];
  const where = typeof source === 'string' ? source : '';
  const listed = files === undefined ? [where] : [files].flat().map(String);
  const isLocal = files !== undefined || isPath(where);
  const subset = section.take('name') ?? section.take('subset');
  const split = section.take('split');
  const shape = readShape(section, builder);
  const { part, ...named } = isLocal ? { part: undefined } : splitOf(split);
  for (const each of ['source', 'data_files', '_component_']) section.take(each);
  const setting = ['source', 'data_files', '_component_'].flatMap((each) => section.section(each) ?? [])[0];
  return [
    {
      files: listed.map((file) =>
        isLocal ? (context.paths.onDisk(file) ?? file) : folderOrHub(file, context.paths),
      ),
      ...shape,
      ...(typeof subset?.value === 'string' ? { config: subset.value } : {}),
      ...named,
      part,
      setting: setting ?? section,
      section,
      details: detailsOf(section, [setting, part]),
      ...(builder.words === undefined ? {} : { differs: wording(builder.words) }),
    },
  ];
}

/** Whether the prompt of a set is learnt too, as its builder does where nothing is said. */
export function trainsOnInput(section: Setting | undefined): { isSo: boolean; setting: Setting | undefined } {
  const first = Array.isArray(section?.value) ? section.children[0] : section;
  const name = nameOf(first);
  const usual = Object.hasOwn(TORCHTUNE_BUILDERS, name) && TORCHTUNE_BUILDERS[name]?.trainOnInput === true;
  const setting = first?.section('train_on_input');
  return { isSo: typeof setting?.value === 'boolean' ? setting.value : usual, setting };
}

function nameOf(section: Setting | undefined): string {
  return (textOf(section?.section('_component_')) ?? '').split('.').at(-1) ?? '';
}

function wording(words: string): string {
  return `torchtune writes words of its own around each prompt (“${words}”), and here the columns are given as they are.`;
}

function detailsOf(section: Setting, others: readonly (Setting | undefined)[]): Detail[] {
  return section.children
    .flatMap((each) => (each.isTaken ? each : each.leaves()))
    .filter((each) => each.isTaken && !each.isEmpty && !others.includes(each))
    .map((setting) => ({ setting, field: DETAILS[setting.path.split('.').at(-1) ?? ''] ?? 'columns' }));
}

function readShape(section: Setting, builder: TorchtuneBuilder): Pick<ImportedData, 'format' | 'columns'> {
  const style = section.peek('conversation_style');
  if (builder.format === 'chat' && style !== undefined) section.take('conversation_style');
  const format = builder.format === 'chat' && style !== 'openai' ? 'sharegpt' : builder.format;
  const columns: Record<string, string> = { ...builder.columns };
  const messages = format === 'chat' ? 'messages' : format === 'sharegpt' ? 'conversations' : 'text';
  const column = textOf(section.take(format === 'text' ? 'column' : 'conversation_column'));
  if (column !== undefined && column !== messages) columns[messages] = column;
  const map = section.section('column_map');
  for (const [theirs, role] of Object.entries(COLUMN_MAP[format] ?? {})) {
    const named = textOf(map?.take(theirs));
    if (named !== undefined) columns[role] = named;
  }
  if (map?.children.every((each) => each.isTaken)) map.takeAll();
  return { format, columns };
}
