import { folderOrHub, isPath, type ImportedData, type Paths } from './data.ts';
import { isSection } from './draft.ts';
import type { Setting } from './settings.ts';

/** `dataset_info.json`: what each name of a data set stands for. */
export type DatasetRegistry = Readonly<Record<string, unknown>>;

interface Context {
  stage: string;
  /** The folder that names of files in the registry are relative to. */
  dir: string;
  paths: Paths;
  registry: DatasetRegistry | undefined;
}

const UNKNOWN = 'Without its dataset_info.json the name is taken for that of a file.';

/** The sets that a comma-separated list of names means. */
export function readRegisteredData(setting: Setting, context: Context): ImportedData[] {
  const names = Array.isArray(setting.value) ? setting.value.map(String) : String(setting.value).split(',');
  return names
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map((name) => readEntry(name, setting, context));
}

function readEntry(name: string, setting: Setting, { stage, dir, paths, registry }: Context): ImportedData {
  const entry = registry && Object.hasOwn(registry, name) ? registry[name] : undefined;
  const format = stage === 'pt' ? 'text' : stage === 'dpo' ? 'preference' : undefined;
  if (!isSection(entry)) {
    // Without the registry a name is most often that of its file.
    const file = isPath(name) ? name : `${dir}/${name}.json`;
    const why = registry ? 'It is not in dataset_info.json, so it is taken for a file.' : UNKNOWN;
    return { files: [paths.onDisk(file) ?? file], why, ...(format === undefined ? {} : { format }), setting };
  }
  const { file_name: file, hf_hub_url: hub, split, subset } = entry;
  const path = typeof file === 'string' ? `${dir}/${file}` : undefined;
  return {
    files: [
      path === undefined
        ? folderOrHub(typeof hub === 'string' ? hub : name, paths)
        : (paths.onDisk(path) ?? path),
    ],
    ...shapeOf(entry, stage),
    ...(typeof subset === 'string' ? { config: subset } : {}),
    ...(typeof split === 'string' && path === undefined ? { split } : {}),
    setting,
  };
}

/** Its names of columns, for each of its shapes, as our roles. */
function shapeOf(entry: Record<string, unknown>, stage: string): Pick<ImportedData, 'format' | 'columns'> {
  const columns = isSection(entry['columns']) ? entry['columns'] : {};
  const named = (from: string, role: string, usual: string): Record<string, string> => {
    const column = columns[from];
    return typeof column === 'string' && column !== usual ? { [role]: column } : {};
  };
  if (stage === 'pt') return { format: 'text', columns: named('prompt', 'text', 'text') };
  if (entry['ranking'] === true) {
    const pair = { ...named('chosen', 'chosen', 'chosen'), ...named('rejected', 'rejected', 'rejected') };
    return { format: 'preference', columns: { ...named('prompt', 'prompt', 'prompt'), ...pair } };
  }
  if (entry['formatting'] !== 'sharegpt') {
    const roles = {
      prompt: 'instruction',
      query: 'input',
      response: 'output',
      system: 'system',
      history: 'history',
    };
    const renamed = Object.entries(roles).map(([theirs, role]) => named(theirs, role, role));
    return { format: 'alpaca', columns: Object.fromEntries(renamed.flatMap((each) => Object.entries(each))) };
  }
  const tags = isSection(entry['tags']) ? entry['tags'] : {};
  const isChat = tags['content_tag'] === 'content';
  return isChat
    ? { format: 'chat', columns: named('messages', 'messages', 'messages') }
    : {
        format: 'sharegpt',
        columns: {
          ...named('messages', 'conversations', 'conversations'),
          ...named('system', 'system', 'system'),
          ...named('tools', 'tools', 'tools'),
        },
      };
}
