import { dirname, resolvePath } from '../path.ts';
import type { FolderEntry } from '../host.ts';
import type { CompletionContext, Suggestion } from './types.ts';

/** Endings of data files; `.gz` may follow any of them. */
const DATA_FILE = /\.(csv|tsv|json|jsonl|ndjson|txt|conll|parquet)(\.gz)?$/i;

/** A folder with more entries than this is offered in part. */
const MAX_ENTRIES = 500;

/** Data files and folders on the way to some, relative to the config. */
export async function suggestDataFiles(context: CompletionContext): Promise<Suggestion[]> {
  const { entries, prefix } = await listTyped(context);
  return entries.flatMap((entry) => {
    if (entry.kind === 'folder') return [suggestFolder(prefix, entry.name)];
    if (!DATA_FILE.test(entry.name)) return [];
    const documentation = `\`${prefix}${entry.name}\`\n\nA data file, relative to this config.`;
    return [{ value: prefix + entry.name, label: entry.name, kind: 'file', documentation }];
  });
}

/** Folders that hold `marker`, first, and folders on the way to some; without it all folders. */
export async function suggestFolders(
  context: CompletionContext,
  marker?: 'config.json' | 'tokenizer.json',
): Promise<Suggestion[]> {
  const { entries, prefix, folder } = await listTyped(context);
  const folders = entries.filter(({ kind }) => kind === 'folder');
  const what = marker === 'config.json' ? 'model' : 'tokenizer';
  const suggestions = await Promise.all(
    folders.map(async ({ name }): Promise<Suggestion> => {
      if (marker === undefined) return suggestFolder(prefix, name);
      const stat = await context.host.stat(resolvePath(folder, `${name}/${marker}`));
      if (stat !== 'file') return suggestFolder(prefix, name);
      const value = `${/^[./~]/.test(prefix) ? '' : './'}${prefix}${name}`;
      const documentation = `\`${value}\`\n\nA ${what} folder (it holds \`${marker}\`), relative to this config.`;
      return { value, label: name, kind: 'folder', detail: what, documentation };
    }),
  );
  return [...suggestions.filter(({ detail }) => detail), ...suggestions.filter(({ detail }) => !detail)];
}

function suggestFolder(prefix: string, name: string): Suggestion {
  const documentation = `\`${prefix}${name}/\`\n\nA folder, relative to this config.`;
  return { value: `${prefix}${name}/`, label: `${name}/`, kind: 'folder', documentation };
}

/** What lies in the folder that has been typed so far, without hidden files unless one is asked for. */
async function listTyped({ typed, file, host }: CompletionContext): Promise<{
  entries: FolderEntry[];
  /** What has been typed up to the last `/`. */
  prefix: string;
  folder: string;
}> {
  const prefix = typed.slice(0, typed.lastIndexOf('/') + 1);
  const hidden = typed.slice(prefix.length).startsWith('.');
  const folder = resolvePath(dirname(file.path), prefix || '.');
  const all = await host.listDirectory(folder);
  const entries = all.filter(({ name }) => (hidden || !name.startsWith('.')) && name !== 'node_modules');
  entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return { entries: entries.slice(0, MAX_ENTRIES), prefix, folder };
}
