import { folderOrHub, isPath, type ImportedData, type Paths } from './data.ts';
import { isSection } from './draft.ts';
import { Setting } from './settings.ts';

/** `dataset_info.json`: what each name of a data set stands for. */
export type DatasetRegistry = Readonly<Record<string, unknown>>;

/** What a stage learns from: documents, conversations, pairs of answers, or what Tunebook has no format for. */
export type StageRows = 'documents' | 'conversations' | 'pairs' | 'other';

interface Context {
  rows: StageRows;
  /** The folder that names of files in the registry are relative to. */
  dir: string;
  paths: Paths;
  registry: DatasetRegistry | undefined;
}

type Shape = Pick<ImportedData, 'format' | 'columns' | 'differs'>;

const UNKNOWN = 'Without its dataset_info.json the name is taken for that of a file.';
/** In front of the name of a data set on the hub that has a dataset_info.json of its own. */
const REMOTE = 'REMOTE:';
const ONLINE = 'ONLINE';

/** The sets that a comma-separated list of names means, each with a note of its own. */
export function readRegisteredData(setting: Setting, context: Context): ImportedData[] {
  const names = Array.isArray(setting.value) ? setting.value.map(String) : String(setting.value).split(',');
  return names
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map((name) => readEntry(name, new Setting(setting.path, name, name, setting.origin), context));
}

function readEntry(name: string, setting: Setting, context: Context): ImportedData {
  const { rows, dir, paths, registry } = context;
  const entry = registry && Object.hasOwn(registry, name) ? registry[name] : undefined;
  if (!isSection(entry)) {
    const format = rows === 'documents' ? 'text' : rows === 'pairs' ? 'preference' : undefined;
    return { ...unregistered(name, context), ...(format === undefined ? {} : { format }), setting };
  }
  const { file_name: file, hf_hub_url: hub, split, subset } = entry;
  const path = typeof file === 'string' ? inFolder(dir, file) : undefined;
  return {
    files: [
      path === undefined
        ? folderOrHub(typeof hub === 'string' ? hub : name, paths)
        : (paths.onDisk(path) ?? path),
    ],
    ...shapeOf(name, entry, rows),
    ...(typeof subset === 'string' ? { config: subset } : {}),
    ...(typeof split === 'string' && path === undefined ? { split } : {}),
    setting,
  };
}

function inFolder(dir: string, file: string): string {
  return dir.startsWith(REMOTE) ? `hf:${dir.slice(REMOTE.length)}/${file}` : `${dir}/${file}`;
}

/** Without the registry a name is most often that of its file. */
function unregistered(name: string, { dir, paths, registry }: Context): Pick<ImportedData, 'files' | 'why'> {
  if (dir === ONLINE) return { files: [folderOrHub(name, paths)] };
  const file = isPath(name) ? name : inFolder(dir, `${name}.json`);
  const why = registry ? 'It is not in dataset_info.json, so it is taken for a file.' : UNKNOWN;
  return { files: [paths.onDisk(file) ?? file], why };
}

/** Columns of LLaMA-Factory's conversations, by how a turn is written: the tags of role and text. */
const TURNS: Readonly<Record<string, { format: string; column: string }>> = {
  'from value': { format: 'sharegpt', column: 'conversations' },
  'role content': { format: 'chat', column: 'messages' },
};

function tagOf(tag: unknown, usual: string): string {
  return typeof tag === 'string' ? tag : usual;
}

/** Its names of columns, for each of its shapes, as our roles. */
function shapeOf(name: string, entry: Record<string, unknown>, rows: StageRows): Shape {
  const given = isSection(entry['columns']) ? entry['columns'] : {};
  const columns = (roles: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(roles).flatMap(([theirs, role]) => {
        const column = given[theirs];
        return typeof column === 'string' && column !== role ? [[role, column] as const] : [];
      }),
    );
  if (rows === 'other') return {};
  if (rows === 'documents') return { format: 'text', columns: columns({ prompt: 'text' }) };
  const media = ['images', 'videos', 'audios'].filter((each) => given[each] !== undefined);
  const differs = [
    ...(media.length > 0 ? [`Of \`${name}\` only the texts are read, not its ${media.join(' and ')}.`] : []),
    ...(typeof entry['num_samples'] === 'number'
      ? [`Of \`${name}\` every row is read, not ${entry['num_samples']} of them.`]
      : []),
  ].join(' ');
  const rest = differs === '' ? {} : { differs };
  const tags = isSection(entry['tags']) ? entry['tags'] : {};
  const turns = `${tagOf(tags['role_tag'], 'from')} ${tagOf(tags['content_tag'], 'value')}`;
  const shape = TURNS[turns];
  if (entry['ranking'] === true) {
    const prompt = entry['formatting'] === 'sharegpt' ? 'messages' : 'prompt';
    const pair = columns({ [prompt]: 'prompt', chosen: 'chosen', rejected: 'rejected' });
    return { format: 'preference', columns: pair, ...rest };
  }
  if (entry['formatting'] !== 'sharegpt') {
    const roles = {
      prompt: 'instruction',
      query: 'input',
      response: 'output',
      system: 'system',
      history: 'history',
    };
    return { format: 'alpaca', columns: columns(roles), ...rest };
  }
  if (!shape)
    return {
      differs: `A turn of \`${name}\` is written as \`${turns.replace(' ', '` and `')}\`, which no format here reads.`,
    };
  const { format, column } = shape;
  const named = columns({
    messages: column,
    ...(format === 'sharegpt' ? { system: 'system', tools: 'tools' } : {}),
  });
  // Its own name of the column is that of ShareGPT for both ways.
  const own: Record<string, string> =
    given['messages'] === undefined && format === 'chat' ? { messages: 'conversations' } : {};
  return { format, columns: { ...own, ...named }, ...rest };
}
