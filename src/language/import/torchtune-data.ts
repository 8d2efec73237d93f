import { folderOrHub, isPath, splitOf, type ImportedData, type Paths } from './data.ts';
import { textOf, type Setting } from './settings.ts';

/** torchtune's ready-made sets: where each lies, and what a row of it is. */
const READY: Readonly<Record<string, { source: string; format: string; columns?: Record<string, string> }>> =
  {
    alpaca_dataset: { source: 'tatsu-lab/alpaca', format: 'alpaca' },
    alpaca_cleaned_dataset: { source: 'yahma/alpaca-cleaned', format: 'alpaca' },
    slimorca_dataset: { source: 'Open-Orca/SlimOrca-Dedup', format: 'sharegpt' },
    samsum_dataset: {
      source: 'Samsung/samsum',
      format: 'prompt-completion',
      columns: { prompt: 'dialogue', completion: 'summary' },
    },
    grammar_dataset: {
      source: 'liweili/c4_200m',
      format: 'prompt-completion',
      columns: { prompt: 'input', completion: 'output' },
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
    },
    hh_rlhf_helpfulness_dataset: { source: 'RLHFlow/HH-RLHF-Helpful-standard', format: 'preference' },
  };

/** Its builders for a person's own files. */
const BUILDERS: Readonly<Record<string, string>> = {
  chat_dataset: 'chat',
  multiturn_dataset: 'chat',
  instruct_dataset: 'prompt-completion',
  text_completion_dataset: 'text',
  preference_dataset: 'preference',
};

/** What a `dataset:` section of torchtune reads; a list of them is read one after the other. */
export function readTorchtuneData(
  section: Setting | undefined,
  context: { paths: Paths; isPreference: boolean },
): ImportedData[] {
  if (!section) return [];
  if (Array.isArray(section.value))
    return section.children.flatMap((each) => readTorchtuneData(each, context));
  const component = section.take('_component_');
  const name = (textOf(component) ?? '').split('.').at(-1) ?? '';
  const ready = Object.hasOwn(READY, name) ? READY[name] : undefined;
  const source = section.take('source');
  const files = section.take('data_files');
  const split = section.take('split');
  const subset = section.take('name') ?? section.take('subset');
  const where = files === undefined ? (textOf(source) ?? ready?.source ?? '') : undefined;
  const listed = where === undefined ? [files?.value].flat().map(String) : [where];
  const isLocal = where === undefined || isPath(where);
  const shape = ready
    ? { format: ready.format, ...(ready.columns ? { columns: ready.columns } : {}) }
    : readShape(section, name);
  return [
    {
      files: listed.map((file) =>
        isLocal ? (context.paths.onDisk(file) ?? file) : folderOrHub(file, context.paths),
      ),
      ...(context.isPreference ? { ...shape, format: 'preference' } : shape),
      ...(typeof subset?.value === 'string' ? { config: subset.value } : {}),
      ...(isLocal ? {} : splitOf(split)),
      setting: source ?? files ?? component ?? section,
    },
  ];
}

function readShape(section: Setting, name: string): Pick<ImportedData, 'format' | 'columns'> {
  const format = Object.hasOwn(BUILDERS, name) ? BUILDERS[name] : undefined;
  if (format === 'text') {
    const column = section.take('column');
    return {
      format,
      columns: typeof column?.value === 'string' && column.value !== 'text' ? { text: column.value } : {},
    };
  }
  if (format === 'chat') {
    const column = section.take('conversation_column');
    const style = section.take('conversation_style');
    const isChat = style?.value === 'openai';
    const usual = isChat ? 'messages' : 'conversations';
    const columns: Record<string, string> =
      typeof column?.value === 'string' && column.value !== usual
        ? { [isChat ? 'messages' : 'conversations']: column.value }
        : {};
    return { format: isChat ? 'chat' : 'sharegpt', columns };
  }
  if (format === 'prompt-completion') {
    const map = section.take('column_map');
    const columns: Record<string, string> = {};
    const input = map?.peek('input') ?? 'input';
    const output = map?.peek('output') ?? 'output';
    if (typeof input === 'string') columns['prompt'] = input;
    if (typeof output === 'string') columns['completion'] = output;
    return { format, columns };
  }
  return format === undefined ? {} : { format };
}
