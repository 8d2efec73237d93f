import { formatBytes } from '../../../protocol/format.ts';
import type { ExportDescription } from '../../../protocol/export.ts';
import { markdownTable, plainMarkdown } from './table.ts';

const DTYPE_WORDS: Readonly<Record<ExportDescription['dtype'], string>> = {
  F32: 'in 32 bits',
  F16: 'in 16 bits (float16)',
  BF16: 'in 16 bits (bfloat16)',
  'as they were': 'as it was',
};

/**
 * What an export wrote, as Markdown: what of, where, and its files with their sizes.
 * @param place the folder as it is to be read, relative to the notebook, say
 */
export function exportOutput(
  { name, dtype, source, merged, files, notes }: ExportDescription,
  place: string,
): string {
  const what = source.run ?? source.folder;
  const how = merged ? `merged into its base, ${DTYPE_WORDS[dtype]}` : DTYPE_WORDS[dtype];
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const rows = files.map((file) => [plainMarkdown(file.name), formatBytes(file.bytes)]);
  const parts = [
    `**${plainMarkdown(name)}** written: ${plainMarkdown(what)}, ${how}, ${formatBytes(total)} in \`${place.replaceAll('`', "'")}\`.`,
    markdownTable(['file', 'size:'], rows),
    notes.map((note) => `- ${plainMarkdown(note, 1000)}`).join('\n'),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}
