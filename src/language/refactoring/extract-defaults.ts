import { newlineOf } from '../edit.ts';
import type { Located } from '../locate.ts';
import { entryOf, rootMap, stringAt } from '../node.ts';
import { removeFix, replaceFix, yamlString, type FileEdit, type Fix } from '../problem.ts';
import { fieldsOf, schemaOf } from '../schema/navigate.ts';
import type { Entry, TuneDocument } from '../tree.ts';
import { documentBehind, freeName } from './new-document.ts';

/**
 * Moves the top-level field that the cursor is in to a document of its own, which this one then extends: so that others can
 * extend it as well. What the document means stays the same.
 */
export function extractDefaults({ document, path }: Located): Fix | undefined {
  const { kind, name, header, broken, file } = document;
  const root = rootMap(document);
  const [field] = path;
  if (!kind || name === undefined || !header || header.merged || broken || !root || root.flow)
    return undefined;
  if (typeof field !== 'string' || field === kind || field === 'extends') return undefined;
  const schema = fieldsOf(schemaOf(kind));
  const entry = entryOf(root, field);
  if (!entry || entry.merged || !('extends' in schema) || !(field in schema)) return undefined;
  const lines = linesOf(entry);
  if (!lines) return undefined;
  const defaults = freeName(file, kind, `${name}-defaults`);
  const inherited = stringAt(root, 'extends');
  const added = documentBehind(document, [
    `${kind}: ${yamlString(defaults)}`,
    ...(inherited === undefined ? [] : [`extends: ${yamlString(inherited)}`]),
    ...lines,
  ]);
  const removed = removeFix('', entry).edits;
  // Where the field ends the file without a line break, what is left begins a line already.
  const isLast = removed.some(({ end }) => end === added.start) && !/[\r\n]$/.test(file.text);
  const newText = isLast ? added.newText.replace(/^\r?\n/, '') : added.newText;
  return {
    title: `Extract ${field} into defaults that other documents can extend`,
    edits: [...removed, extendsEdit(document, header, defaults), { ...added, newText }],
  };
}

/** The lines of a field with their comments; `undefined` where it shares them, or refers to anchors that would stay behind. */
function linesOf({ key, end }: Entry): string[] | undefined {
  const { text, lines } = key.document.file;
  const start = lines.start(lines.line(key.start));
  const comment = /^[ \t]*(#[^\r\n]*)?(?=[\r\n]|$)/.exec(text.slice(end));
  if (start !== key.start || !comment) return undefined;
  const slice = text.slice(start, end + comment[0].length).trimEnd();
  return /(^|[\s[{,])[&*][^\s,\]}]/.test(slice) ? undefined : slice.split(/\r?\n/);
}

function extendsEdit(document: TuneDocument, header: Entry, name: string): FileEdit {
  const { file } = document;
  const existing = entryOf(document.root, 'extends');
  const [replaced] = existing ? replaceFix('', existing.value, yamlString(name)).edits : [];
  if (replaced) return replaced;
  const rest = /^[^\r\n]*/.exec(file.text.slice(header.end))?.[0].length ?? 0;
  const at = header.end + rest;
  return { file, start: at, end: at, newText: `${newlineOf(file)}extends: ${yamlString(name)}` };
}
