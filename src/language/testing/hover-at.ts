import { findDefinition } from '../definition.ts';
import { hover } from '../hover.ts';
import { loadProject } from '../load.ts';
import { PATH, type World } from './complete-at.ts';
import { atCursor } from './cursor-mark.ts';
import { MemoryHost } from './memory-host.ts';

/** What is said about the `|` of a config, in Markdown, and the text that it is said about. */
export async function hoverAt(
  marked: string,
  files: Record<string, string> = {},
  world: World = {},
): Promise<{ about: string; markdown: string } | undefined> {
  const { text, offset } = atCursor(marked);
  const host = new MemoryHost({ files: { [PATH]: text, ...files }, ...world });
  const project = await loadProject([PATH], host);
  const found = await hover({ project, path: PATH, offset, host });
  return found && { about: text.slice(found.start, found.end), markdown: found.markdown };
}

/** Where the `|` of a config leads: `file:line text`, or a path. */
export async function definitionAt(
  marked: string,
  files: Record<string, string> = {},
): Promise<string | undefined> {
  const { text, offset } = atCursor(marked);
  const project = await loadProject([PATH], new MemoryHost({ files: { [PATH]: text, ...files } }));
  const found = findDefinition(project, PATH, offset);
  if (!found) return undefined;
  if ('path' in found) return found.path;
  const { file, start, end } = found;
  return `${file.path}:${file.lines.position(start).line} ${file.text.slice(start, end)}`;
}
