import { localFiles } from './data-params.ts';
import { follow, referenceKind, schemaFor } from './follow.ts';
import { documentAt, locate } from './locate.ts';
import { anchorAt } from './naming/anchors.ts';
import { folderOf } from './model-folder.ts';
import { dirname, resolvePath } from './path.ts';
import type { Project } from './project.ts';
import type { TuneFile } from './tree.ts';
import { slotAt } from './variables/at-offset.ts';

/** Where something is defined: a place in a config, or a whole file on disk. */
export type Definition = { file: TuneFile; start: number; end: number } | { path: string };

/**
 * Where the name, alias or path at an offset leads. Files are given whether or not they exist; `undefined` where nothing is
 * named there, or the name means nothing.
 */
export function findDefinition(project: Project, path: string, offset: number): Definition | undefined {
  const file = project.files.get(path);
  if (!file) return undefined;
  const inside = documentAt(file, offset);
  const anchor = inside && anchorAt(inside, offset)?.definition;
  if (anchor) return { file, start: anchor.start, end: anchor.end };
  const located = locate(file, offset);
  if (!located || located.on === 'key' || located.node.type !== 'scalar') return undefined;
  const { document, node } = located;
  const slot = slotAt(project, document, node, offset);
  if (slot) {
    const key = slot.entry?.key;
    return key && { file: key.document.file, start: key.start, end: key.end };
  }
  const schema = schemaFor(document, located.path);
  const kind = schema && referenceKind(schema);
  if (!kind || typeof node.value !== 'string') return undefined;
  const followed = follow(project, document, kind, node.value);
  if (followed) {
    const target = followed.files ?? followed.document.header?.key ?? followed.document.root;
    return target && { file: target.document.file, start: target.start, end: target.end };
  }
  if (kind === 'data-file') return localFiles(node).map((each) => ({ path: each }))[0];
  if (kind === 'tokenizer') {
    return { path: resolvePath(dirname(file.path), `${node.value}/tokenizer.json`) };
  }
  const folder = kind === 'model' ? folderOf(node) : undefined;
  return folder === undefined ? undefined : { path: resolvePath(folder, 'config.json') };
}
