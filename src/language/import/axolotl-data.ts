import { folderOrHub, isPath, splitOf, type ImportedData, type Paths } from './data.ts';
import type { Setting } from './settings.ts';

/** Our format for each of Axolotl's `type`s that need no more to be known. */
const TYPES: Readonly<Record<string, string>> = {
  completion: 'text',
  pretrain: 'text',
  alpaca: 'alpaca',
  alpaca_chat: 'alpaca',
  sharegpt: 'sharegpt',
  chat_template: 'chat',
};

interface Context {
  paths: Paths;
  /** The rows are pairs of a better and a worse answer. */
  preference: boolean;
}

/** What an Axolotl config trains and evaluates on. */
export function readAxolotlData(
  settings: Setting,
  context: Context,
): { train: ImportedData[]; evaluation: ImportedData[] } {
  const read = (name: string) =>
    (settings.section(name)?.children ?? []).map((each) => readSet(each, context));
  const pretraining = settings.section('pretraining_dataset');
  const train = [
    ...read('datasets'),
    ...(typeof pretraining?.value === 'string' ? [plain(pretraining, context)] : read('pretraining_dataset')),
  ];
  return { train, evaluation: read('test_datasets') };
}

/** `pretraining_dataset: owner/name`, its short form. */
function plain(setting: Setting, { paths }: Context): ImportedData {
  setting.takeAll();
  return { files: [folderOrHub(String(setting.value), paths)], format: 'text', setting };
}

function readSet(set: Setting, { paths, preference }: Context): ImportedData {
  const path = set.take('path') ?? set;
  const files = set.take('data_files');
  set.take('ds_type');
  const name = String(path.value);
  const listed = files === undefined ? [name] : [files.value].flat().map(String);
  const type = set.section('type');
  const config = set.take('name');
  const split = set.take('split');
  const isLocal = files !== undefined || isPath(name);
  return {
    files: listed.map((file) => (isLocal ? (paths.onDisk(file) ?? file) : folderOrHub(file, paths))),
    ...readShape(set, type, preference),
    ...(typeof config?.value === 'string' ? { config: config.value } : {}),
    ...(isLocal ? {} : splitOf(split)),
    setting: path,
  };
}

function readShape(
  set: Setting,
  type: Setting | undefined,
  preference: boolean,
): Pick<ImportedData, 'format' | 'columns'> {
  const kind = typeof type?.value === 'string' ? type.value : undefined;
  const [family = ''] = (kind ?? '').split(/[.:]/, 1);
  if (preference) {
    type?.takeAll();
    return {
      format: 'preference',
      columns: columnsOf(set, { field_prompt: 'prompt', field_chosen: 'chosen', field_rejected: 'rejected' }),
    };
  }
  if (type && kind === undefined) return readPromptShape(type);
  const format = Object.hasOwn(TYPES, family) ? TYPES[family] : undefined;
  if (format !== undefined) type?.takeAll();
  if (format === 'text') return { format, columns: columnsOf(set, { field: 'text', text_column: 'text' }) };
  if (format === 'chat') return readChatShape(set);
  return format === undefined ? {} : { format };
}

/** Messages with `from` and `value` are ShareGPT's. */
function readChatShape(set: Setting): Pick<ImportedData, 'format' | 'columns'> {
  const mapping = set.section('message_property_mappings');
  const content = set.take('message_field_content')?.value ?? mapping?.take('content')?.value;
  const role = set.take('message_field_role')?.value ?? mapping?.take('role')?.value;
  const isShareGpt = content === 'value' || role === 'from';
  return isShareGpt
    ? { format: 'sharegpt', columns: columnsOf(set, { field_messages: 'conversations' }) }
    : { format: 'chat', columns: columnsOf(set, { field_messages: 'messages' }) };
}

/** A prompt described field by field is ours where it joins nothing around the two columns. */
function readPromptShape(type: Setting): Pick<ImportedData, 'format' | 'columns'> {
  const instruction = type.peek('field_instruction');
  const output = type.peek('field_output');
  const format = type.peek('format');
  const isBare = format === undefined || format === '{instruction}';
  if (typeof output === 'string' && isBare && type.peek('field_input') === undefined) {
    type.takeAll();
    const prompt = typeof instruction === 'string' ? instruction : 'instruction';
    return { format: 'prompt-completion', columns: { prompt, completion: output } };
  }
  return {};
}

function columnsOf(set: Setting, fields: Readonly<Record<string, string>>): Record<string, string> {
  const columns: Record<string, string> = {};
  for (const [name, role] of Object.entries(fields)) {
    const setting = set.take(name);
    if (typeof setting?.value === 'string' && setting.value !== role) columns[role] = setting.value;
  }
  return columns;
}
