import { folderOrHub, isPath, splitOf, type Detail, type ImportedData, type Paths } from './data.ts';
import { isSection } from './draft.ts';
import type { Setting } from './settings.ts';

/** Our format for each of Axolotl's `type`s that needs no more to be known. What stands behind a dot or a colon is a wording. */
export const AXOLOTL_TYPES: Readonly<Record<string, string>> = {
  completion: 'text',
  pretrain: 'text',
  alpaca: 'alpaca',
  alpaca_chat: 'alpaca',
  alpaca_w_system: 'alpaca',
  sharegpt: 'sharegpt',
  chat_template: 'chat',
};

/** The columns of its `type`s for pairs of answers, by what stands behind the dot: our role, and the name there. */
export const AXOLOTL_PAIRS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  default: {},
  ultra: {},
  prompt_pairs: {},
  argilla_chat: {},
  intel: { prompt: 'question' },
  icr: { prompt: 'input' },
  argilla: { prompt: 'instruction', chosen: 'chosen_response', rejected: 'rejected_response' },
};

const ALPACA_WORDS =
  'Axolotl writes Alpaca’s own words around each instruction; here that is done only where the tokenizer has no chat template.';

/** What is learnt: texts, pairs of a better and a worse answer, or something that Tunebook has no format for. */
export type Rows = 'texts' | 'pairs' | 'other';

interface Context {
  paths: Paths;
  rows: Rows;
}

type Shape = Pick<ImportedData, 'format' | 'columns' | 'differs'>;

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

function readSet(set: Setting, { paths, rows }: Context): ImportedData {
  const path = set.take('path') ?? set;
  const files = set.take('data_files');
  set.take('ds_type');
  const name = String(path.value);
  const listed = files === undefined ? [name] : [files.value].flat().map(String);
  const config = set.take('name');
  const split = set.take('split');
  const isLocal = files !== undefined || isPath(name);
  const shape = readShape(set, rows);
  const { part, ...named } = isLocal ? { part: undefined } : splitOf(split);
  return {
    files: listed.map((file) => (isLocal ? (paths.onDisk(file) ?? file) : folderOrHub(file, paths))),
    ...shape,
    ...(typeof config?.value === 'string' ? { config: config.value } : {}),
    ...named,
    part,
    setting: path,
    section: set,
    details: detailsOf(set, [path, part]),
  };
}

/** The fields that what is said of a set becomes. */
const DETAILS: readonly (readonly [RegExp, string])[] = [
  [/^(data_files|ds_type|split)$/, 'files'],
  [/^name$/, 'config'],
  [/^type$/, 'format'],
];

function detailsOf(set: Setting, others: readonly (Setting | undefined)[]): Detail[] {
  return set.children
    .filter((each) => each.isTaken && !each.isEmpty && !others.includes(each))
    .map((setting) => {
      const name = setting.path.split('.').at(-1) ?? '';
      return { setting, field: DETAILS.find(([pattern]) => pattern.test(name))?.[1] ?? 'columns' };
    });
}

function readShape(set: Setting, rows: Rows): Shape {
  if (rows === 'other') return {};
  const type = set.section('type');
  const kind = typeof type?.value === 'string' ? type.value : undefined;
  const [family = '', wording = 'default'] = (kind ?? '').split(/[.:]/);
  if (rows === 'pairs') return readPairs(set, type, wording);
  if (type && kind === undefined) return readPromptShape(type);
  const format = Object.hasOwn(AXOLOTL_TYPES, family) ? AXOLOTL_TYPES[family] : undefined;
  if (format !== undefined) type?.takeAll();
  if (format === 'text') return { format, columns: columnsOf(set, { field: 'text', text_column: 'text' }) };
  if (format === 'chat') return readChatShape(set);
  if (format === undefined) return {};
  return format === 'alpaca' ? { format, differs: ALPACA_WORDS } : { format };
}

/** Pairs of answers: texts in columns of their own, or messages whose roles are called as everywhere. */
function readPairs(set: Setting, type: Setting | undefined, wording: string): Shape {
  const usual = Object.hasOwn(AXOLOTL_PAIRS, wording) ? AXOLOTL_PAIRS[wording] : undefined;
  if (usual === undefined) return {};
  const described = isSection(type?.value) ? type : undefined;
  if (described?.children.some(({ path }) => /_format$/.test(path))) return {};
  type?.takeAll();
  takeUsualNames(set);
  const named = columnsOf(described ?? set, {
    field_messages: 'prompt',
    field_prompt: 'prompt',
    field_chosen: 'chosen',
    field_rejected: 'rejected',
  });
  return { format: 'preference', columns: { ...usual, ...named } };
}

/** Messages with `from` and `value` are ShareGPT's. */
function readChatShape(set: Setting): Shape {
  const mapping = set.section('message_property_mappings');
  const names = {
    role: set.peek('message_field_role') ?? mapping?.peek('role') ?? 'role',
    content: set.peek('message_field_content') ?? mapping?.peek('content') ?? 'content',
  };
  const isShareGpt = names.role === 'from' && names.content === 'value';
  const isChat = names.role === 'role' && names.content === 'content';
  if (!isShareGpt && !isChat) return {};
  for (const name of ['message_field_role', 'message_field_content']) set.take(name);
  takeUsualNames(set);
  mapping?.take('role');
  mapping?.take('content');
  if (mapping?.children.every((each) => each.isTaken)) mapping.takeAll();
  // Its own name of the column of messages is the same for both shapes.
  const column = set.take('field_messages')?.value ?? 'messages';
  const usual = isShareGpt ? 'conversations' : 'messages';
  return {
    format: isShareGpt ? 'sharegpt' : 'chat',
    columns: typeof column === 'string' && column !== usual ? { [usual]: column } : {},
  };
}

/** What roles are called in the rows, where each is called as everywhere. */
const ROLES: Readonly<Record<string, readonly string[]>> = {
  system: ['system'],
  user: ['user', 'human'],
  assistant: ['assistant', 'gpt', 'model'],
  tool: ['tool'],
};

function takeUsualNames(set: Setting): void {
  const mapping = set.section('message_property_mappings');
  if (isSection(mapping?.value) && Object.entries(mapping.value).every(([role, name]) => role === name))
    mapping.takeAll();
  const roles = set.section('roles');
  const isUsual =
    isSection(roles?.value) &&
    Object.entries(roles.value).every(([role, names]) =>
      [names].flat().every((name) => (ROLES[role] ?? []).includes(String(name))),
    );
  if (isUsual) roles?.takeAll();
}

/** A prompt described field by field is ours where it joins nothing around the two columns. */
function readPromptShape(type: Setting): Shape {
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
