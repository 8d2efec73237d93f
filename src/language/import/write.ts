import { yamlString } from '../problem.ts';
import { writeValue } from '../write-value.ts';
import { isSection, type Draft, type ImportNote } from './draft.ts';

/** The new config as text: the documents, and above them what could not be carried over. */
export function writeDraft(draft: Draft, source: { tool: string; file: string }): string {
  const header = [
    `# Made from ${source.file} (${source.tool}) by \`tunebook import\`.`,
    ...decidingLines(draft),
    ...draft.remarks.map((sentence) => `# ${sentence}`),
    ...lostLines(draft.notes),
    ...dataLines(draft),
  ];
  return `${header.map(onOneLine).join('\n')}\n${writeDocuments(draft)}`;
}

/** The documents of a draft as YAML. */
export function writeDocuments(draft: Draft): string {
  return [...draft.datasets, ordered(draft.run)].map((document) => writeMap(document, '')).join('---\n');
}

/** The sections of a run, in the order in which people read them. */
const ORDER = ['run', 'model', 'data', 'method', 'train', 'target'];

function ordered(run: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(ORDER.flatMap((name) => (name in run ? [[name, run[name]]] : [])));
}

function decidingLines({ deciding }: Draft): string[] {
  if (deciding.length === 0) return [];
  const names = deciding.map((name) => `\`${name}\``).join(', ');
  return [
    `# Careful: as it stands, this trains something else than that file does. Lost, and told below: ${names}.`,
  ];
}

function lostLines(notes: readonly ImportNote[]): string[] {
  const lost = notes.filter(({ outcome }) => outcome === 'lost');
  if (lost.length === 0) return [];
  return [
    '# What has no counterpart here:',
    ...lost.map(({ setting, value, line, file, why }) =>
      `#   ${setting}: ${value} (${file === undefined ? '' : `${file} `}line ${line}) ${why ?? ''}`.trimEnd(),
    ),
  ];
}

/** A comment ends with its line, and the name or value that it tells may hold a line break. */
function onOneLine(comment: string): string {
  return comment.replace(/\s*[\r\n\u0085\u2028\u2029]+\s*/g, ' ');
}

function dataLines({ datasets }: Draft): string[] {
  const shapeless = datasets.filter((dataset) => !('format' in dataset));
  if (datasets.length > 0)
    return shapeless.map(
      ({ dataset }) => `# What a row of \`${String(dataset)}\` is, is not said there: add \`format:\` to it.`,
    );
  return [
    '# It names no data that can be read from it: add a `dataset:`, and name its split in `data.train` of the run.',
  ];
}

function writeMap(map: Record<string, unknown>, indent: string): string {
  return Object.entries(map)
    .map(([name, value]) => {
      const key = `${indent}${yamlString(name)}:`;
      if (isSection(value) && Object.keys(value).length > 0)
        return `${key}\n${writeMap(value, `${indent}  `)}`;
      return `${key} ${writeValue(value)}\n`;
    })
    .join('');
}
