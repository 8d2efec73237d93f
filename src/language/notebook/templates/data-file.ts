/** A person's data file, as far as a template wants to know it. */
export interface DataFile {
  /** As the notebook names it: relative to its folder, with `/`. */
  path: string;
  /** The columns of its rows; empty where they are not known. */
  columns: readonly string[];
}

/** Names that the columns of each role usually have, the likeliest first. */
const USUAL: Readonly<Record<string, readonly string[]>> = {
  text: [
    'text',
    'sentence',
    'content',
    'utterance',
    'query',
    'question',
    'review',
    'message',
    'input',
    'title',
  ],
  label: ['label', 'labels', 'category', 'intent', 'class', 'target', 'sentiment', 'topic'],
  tokens: ['tokens', 'words'],
  tags: ['ner_tags', 'tags', 'labels'],
  messages: ['messages', 'conversation', 'conversations', 'chat'],
  prompt: ['prompt', 'question', 'instruction', 'input'],
  chosen: ['chosen', 'preferred', 'winner'],
  rejected: ['rejected', 'dispreferred', 'loser'],
};

/** The column of a file that most likely has a role: by its name, else one that is left over; the role's own name where none is known. */
export function guessColumn(role: string, { columns }: DataFile, taken: readonly string[] = []): string {
  const usual = USUAL[role] ?? [role];
  const free = columns.filter((name) => !taken.includes(name));
  const named = usual.find((name) => free.includes(name));
  const similar = free.find((name) => usual.includes(name.toLowerCase()));
  return named ?? similar ?? free[0] ?? usual[0] ?? role;
}

/**
 * The columns of the rows at the start of a file: the header of a CSV or TSV file, the keys of the first row of JSON. None where the file
 * is neither.
 * @param path tells by its ending what the file is
 */
export function columnsOf(path: string, start: string): string[] {
  const [first = ''] = start.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/, 1);
  if (/\.(csv|tsv)$/i.test(path)) {
    const separator = path.toLowerCase().endsWith('.tsv') ? '\t' : ',';
    return splitHeader(first, separator);
  }
  if (!/\.(jsonl|ndjson|json)$/i.test(path)) return [];
  const row = /\.json$/i.test(path) ? /\{[\s\S]*?\}/.exec(start)?.[0] : first;
  try {
    const value: unknown = JSON.parse(row ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
  } catch {
    return [];
  }
}

function splitHeader(line: string, separator: string): string[] {
  const names = line.match(new RegExp(`(?:"(?:[^"]|"")*"|[^"${separator}])+`, 'g')) ?? [];
  return names.map((name) =>
    name.trim().replace(/^"([^]*)"$/, (_, inner: string) => inner.replaceAll('""', '"')),
  );
}
