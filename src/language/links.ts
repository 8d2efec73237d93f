import type { LanguageHost } from './host.ts';
import { literalStart } from './naming/literal-start.ts';
import { referencesIn } from './naming/walk-references.ts';
import { dirname, resolvePath } from './path.ts';
import { splitReference } from './reference.ts';
import type { ReferenceKind } from './schema/field.ts';
import type { TuneFile } from './tree.ts';

/** A stretch of a config that opens something: a file on this machine, or a page. */
export interface Link {
  start: number;
  end: number;
  target: { path: string } | { url: string };
}

/** The files that a config names (data, templates, other configs) and the pages of its models on the Hub. What is not there is no link. */
export async function findLinks(file: TuneFile, host: LanguageHost): Promise<Link[]> {
  const found = new Map<number, Link>();
  for (const document of file.documents) {
    for (const { node, text, kind } of referencesIn(document)) {
      if (node.document.file !== file) continue;
      const start = literalStart(node, text);
      const link = await linkOf(text, kind, dirname(file.path), host);
      if (!link || start === undefined) continue;
      found.set(start, { start, end: start + link.length, target: link.target });
    }
  }
  return [...found.values()].sort((a, b) => a.start - b.start);
}

async function linkOf(
  text: string,
  kind: ReferenceKind,
  folder: string,
  host: LanguageHost,
): Promise<{ length: number; target: Link['target'] } | undefined> {
  const url = hubPage(text, kind);
  if (url !== undefined) return { length: text.length, target: { url } };
  const isFile = kind === 'data-file';
  const named = isFile ? text : splitReference(text).path;
  if (named === undefined || named === '' || kind === 'column' || /^[a-z]{2,}:/.test(named)) return undefined;
  const path = resolvePath(folder, named);
  return (await host.stat(path)) === 'file' ? { length: named.length, target: { path } } : undefined;
}

/** `hf:NAME` and `hf:OWNER/NAME`, with or without `@REVISION`. */
function hubPage(text: string, kind: ReferenceKind): string | undefined {
  const match = /^hf:([\w.-]+(?:\/[\w.-]+)?)(?:@([\w./-]+))?/.exec(text);
  if (!match?.[1] || (kind !== 'model' && kind !== 'data-file')) return undefined;
  const base = `https://huggingface.co/${kind === 'data-file' ? 'datasets/' : ''}${match[1]}`;
  return match[2] === undefined ? base : `${base}/tree/${match[2]}`;
}
