import type { Severity } from '../protocol/check.ts';
import { DIAGNOSTICS, type DiagnosticCode } from './codes.ts';

import type { Entry, Node, TextEdit, TuneFile } from './tree.ts';

/** An edit in one file. */
export interface FileEdit extends TextEdit {
  file: TuneFile;
}

/** A way out of a problem that the editor can take by itself. */
export interface Fix {
  title: string;
  edits: FileEdit[];
}

/** Something wrong in a config. Offsets are UTF-16 code units from the start of the file. */
export interface Problem {
  file: TuneFile;
  start: number;
  end: number;
  severity: Severity;
  code: string;
  message: string;
  fixes: Fix[];
}

/** A place that a problem can be shown at. */
export interface Place {
  file: TuneFile;
  start: number;
  end: number;
}

/** A node as a place. A map or list in block style is shown by its first line. */
export function placeOf(node: Node): Place {
  const { file } = node.document;
  const line = file.text.indexOf('\n', node.start);
  const end = line < 0 ? node.end : Math.min(node.end, line);
  return { file, start: node.start, end: Math.max(node.start, end) };
}

/** A problem with the severity that its code has. */
export function problem(
  code: DiagnosticCode,
  at: Node | Place,
  message: string,
  fixes: (Fix | undefined)[] = [],
): Problem {
  const { file, start, end } = 'document' in at ? placeOf(at) : at;
  const present = fixes.filter((fix) => fix !== undefined);
  return { file, start, end, severity: DIAGNOSTICS[code].severity, code, message, fixes: present };
}

/** The same with a code of the trainer, all of which are errors. */
export function problemOfTrainer(code: string, at: Node, message: string): Problem {
  return { ...placeOf(at), severity: 'error', code, message, fixes: [] };
}

/** Replaces what stands at a node. An empty value gets a space in front. */
export function replaceFix(title: string, node: Node, newText: string): Fix {
  const { file } = node.document;
  const glued = node.start === node.end && file.text.charAt(node.start - 1) === ':';
  return {
    title,
    edits: [{ file, start: node.start, end: node.end, newText: glued ? ` ${newText}` : newText }],
  };
}

/** Takes a field out, with its line or its comma. */
export function removeFix(title: string, entry: Entry): Fix {
  const { file } = entry.key.document;
  return { title, edits: [{ file, ...entrySpan(file.text, entry), newText: '' }] };
}

/** The text that vanishes with an entry: its lines in a block, itself and one comma in braces. */
function entrySpan(text: string, entry: Entry): { start: number; end: number } {
  const lineStart = text.lastIndexOf('\n', entry.key.start - 1) + 1;
  const before = text.slice(lineStart, entry.key.start);
  const after = /^[ \t]*(#[^\r\n]*)?(\r\n|\r|\n|$)/.exec(text.slice(entry.end));
  if (before.trim() === '' && after) return { start: lineStart, end: entry.end + after[0].length };
  const comma = /^[ \t]*,[ \t]*/.exec(text.slice(entry.end));
  if (comma) return { start: entry.key.start, end: entry.end + comma[0].length };
  const leading = /,?[ \t]*$/.exec(text.slice(0, entry.key.start))?.[0].length ?? 0;
  return { start: entry.key.start - leading, end: entry.end };
}

/** How a string is written in YAML so that it stays a string: in quotes only where it must be. */
export function yamlString(value: string): string {
  const plain =
    /^[A-Za-z_./~][\w./@#:-]*( [\w./@#:-]+)*$/.test(value) &&
    !/^(true|false|null|~)$/i.test(value) &&
    !/ #|:( |$)/.test(value);
  return plain ? value : JSON.stringify(value);
}
